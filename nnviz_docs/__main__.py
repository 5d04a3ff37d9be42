"""``python -m nnviz_docs`` is the command ``nnviz-docs``."""

from __future__ import annotations

import sys

from nnviz_docs.hosts.command_line import main

if __name__ == "__main__":
    sys.exit(main())
