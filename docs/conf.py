"""How Sphinx builds this site; `just docs` does it with warnings as errors, without a network."""

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
# Nothing is loaded from another host: a reader behind a closed network sees the same.
html_use_opensearch = ""
