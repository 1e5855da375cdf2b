"""What templates are given: one frozen dataclass a page, every field told in its metadata.

Texts come ready to show, addresses ready to follow; a template decides nothing.
"""
