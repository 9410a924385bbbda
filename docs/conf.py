"""Sphinx settings of this site; `just docs` builds it without a network, warnings as errors."""

project = "Abeyance"
author = "The authors of Abeyance"
copyright = "the authors of Abeyance, Apache-2.0"  # noqa: A001 (Sphinx's own name)

extensions = ["myst_parser"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = "Abeyance"
html_show_sphinx = False
# Nothing is loaded from another host, so the site is the same on a closed network.
html_use_opensearch = ""
