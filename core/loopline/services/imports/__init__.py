"""Imports: a file in, records out, every row exactly once."""
