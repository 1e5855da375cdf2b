"""Exports: records out, in a form that an import takes back without a change."""
