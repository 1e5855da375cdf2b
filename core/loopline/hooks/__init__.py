"""Hooks: what plugins may implement, how they are found, ordered, called and isolated."""
