"""Uploaded files: kept by their hash, told by their content, given to who may read them."""
