"""Metadata shipped with Loopline: schemas, shared master data and vertical packs."""
