"""The pages: each handler reads a request within one transaction and answers a context."""
