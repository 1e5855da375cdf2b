"""Shared master data of the customer loop: documents only, plus what fills the region seed."""
