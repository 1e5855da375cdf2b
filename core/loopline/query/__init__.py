"""Queries: filter, sort and page through the records of an entity, compiled for one snapshot."""
