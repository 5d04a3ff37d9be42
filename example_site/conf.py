"""Configuration of the example site."""

import sys
from pathlib import Path

# The models of this site live beside it; figures find them as any import does.
sys.path.insert(0, str(Path(__file__).parent))

project = "Models at work"
author = "nnviz-docs contributors"
project_copyright = "nnviz-docs contributors"

extensions = ["nnviz_docs"]
exclude_patterns = ["_build"]
numfig = True

html_theme = "furo"
html_title = project
