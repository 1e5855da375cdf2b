"""Documents: load, check, layers, the immutable catalog, and what a change would do."""
