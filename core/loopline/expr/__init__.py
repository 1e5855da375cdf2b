"""Expressions: one typed tree, parsed from text, checked, evaluated in Python; no SQL here."""
