"""The HTTP API: JSON in, JSON out, one transaction a request."""
