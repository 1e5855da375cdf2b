"""Loopline: a small kernel for metadata-defined entities, forms, tags and flows."""

__version__ = "0.1.0"
