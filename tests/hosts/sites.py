"""Real Sphinx sites for tests, built in processes of their own that tell what they did."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_BUILD = """
import json, sys
started = []
starts = {"subprocess.Popen", "os.posix_spawn", "os.exec"}
sys.addaudithook(lambda event, args: started.append(str(args[1])) if event in starts else None)
from sphinx.cmd.build import main
status = main(sys.argv[2:])
imported = bool({"torch", "pygraphviz"} & set(sys.modules))
report = {"status": status, "torch": imported, "started": started}
open(sys.argv[1], "w").write(json.dumps(report))
"""


@dataclass(frozen=True)
class Build:
    """What a build did: status, warnings, whether torch or Graphviz was imported, and what it started."""

    status: int
    warnings: list[str]
    torch: bool
    started: list[str]
    output: Path

    def page(self, name: str = "index.html") -> str:
        """Return a page that was built."""
        return (self.output / name).read_text(encoding="utf-8")


def write_site(folder: Path, pages: dict[str, str], conf: str = "") -> Path:
    """Write a site whose pages are given by file name, with the tests' models importable."""
    (folder / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nextensions = ['nnviz_docs']\nnumfig = True\n{conf}\n"
    )
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def build(site: Path, builder: str = "html", *options: str) -> Build:
    """Build a site, in a process of its own."""
    output, report = site / "_build" / builder, site / "report.json"
    command = [
        sys.executable,
        "-c",
        _BUILD,
        str(report),
        "-b",
        builder,
        "-q",
        *options,
        str(site),
        str(output),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)
    assert report.exists(), done.stderr
    told = json.loads(report.read_text())
    report.unlink()
    warnings = [line for line in done.stderr.splitlines() if "WARNING" in line or "ERROR" in line]
    return Build(told["status"], warnings, told["torch"], told["started"], output)
