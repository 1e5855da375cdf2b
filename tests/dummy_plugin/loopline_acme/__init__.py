"""A plugin of somebody else's."""
