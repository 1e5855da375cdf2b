"""The Alembic chain of the kernel's own tables."""
