"""A whole site as one archive, and back: nothing half-written, nothing believed unchecked."""
