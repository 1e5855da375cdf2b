"""Sphinx settings: Markdown pages, warnings are errors."""

from loopline import __version__

project = "Loopline"
author = "The Loopline contributors"
version = release = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"Loopline {release}"
myst_heading_anchors = 3
nitpicky = True
