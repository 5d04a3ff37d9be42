"""Configuration of the project's own documentation."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from nnviz_docs import __version__

project = "nnviz-docs"
author = "nnviz-docs contributors"
project_copyright = "nnviz-docs contributors"
release = version = __version__

extensions = ["nnviz_docs", "generated_reference"]
exclude_patterns = ["_build"]
numfig = True

html_theme = "furo"
html_title = f"nnviz-docs {__version__}"
