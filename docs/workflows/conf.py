# docs/conf.py of a site whose cache is committed.
import os
import sys

sys.path.insert(0, os.path.abspath("../src"))

project = "mypackage"
extensions = ["nnviz_docs"]
html_theme = "furo"

# Read the Docs shows what is committed; everywhere else figures are traced as needed.
nnviz_mode = "frozen" if os.environ.get("READTHEDOCS") == "True" else "auto"
