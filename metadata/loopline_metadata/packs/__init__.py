"""Vertical packs: whole client layers as data."""
