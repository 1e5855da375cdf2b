"""Copies of all that the kernel owns in a database: out in one snapshot, in in one transaction."""
