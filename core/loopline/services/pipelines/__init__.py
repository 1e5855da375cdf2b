"""Pipelines at work: moves between stages, what they ask for, and their history."""
