"""Telling the past: the chronicle of a pack written through the doors that people use."""
