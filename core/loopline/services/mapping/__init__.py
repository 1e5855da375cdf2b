"""Which column of a file is which field, and what its texts mean."""
