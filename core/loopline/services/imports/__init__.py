"""Imports: a real file in, every row exactly once."""
