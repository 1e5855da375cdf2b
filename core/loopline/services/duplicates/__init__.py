"""Duplicates: which records are taken for the same, warned of or refused."""
