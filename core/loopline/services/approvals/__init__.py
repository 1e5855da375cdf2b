"""Approvals: who must agree before a record goes on, and what became of it."""
