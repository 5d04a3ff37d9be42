"""What a figure costs in a warm build, beside ``sphinx.ext.graphviz`` and beside no figure at all.

A site of 20 pages with 5 figures of the size of resnet18 each is built three ways in one run: with our
directive, with ``graphviz`` directives whose images exist already, and without figures. Each build is a new
process with a fresh environment; the cache is warm, and all sites share it. Filling it needs torch and
torchvision, once: a hundred figures are all different, and larger sites repeat them. For ``graphviz`` a
stand-in writes the images before anything is measured. Half a millisecond of a figure of ours is what
docutils takes to read an option, which the other directives do not have.

Shown are medians of the time on the clock and of the processor's time, which a busy machine changes less.

    python benchmarks/warm.py [--figures 10 100 1000] [--runs 3]
"""

from __future__ import annotations

import argparse
import compileall
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_PER_PAGE = 5
_DIFFERENT = 100
_DOT = """#!{python}
import sys
(name,) = [argument[2:] for argument in sys.argv if argument.startswith("-o")]
svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt">' + "<g/>" * 9000 + "</svg>"
open(name, "w").write(svg)
"""
_TIMES = ("seconds", "processor")
_BUILD = """
import sys, time
started, computed = time.perf_counter(), time.process_time()
children = []
starts = {"subprocess.Popen", "os.posix_spawn", "os.exec", "os.fork"}
sys.addaudithook(lambda event, args: children.append(event) if event in starts else None)
from sphinx.cmd.build import main
status = main(["-q", "-E", "-b", "html", *sys.argv[1:]])
import json
seconds, processor = time.perf_counter() - started, time.process_time() - computed
print(json.dumps({"status": status, "seconds": seconds, "processor": processor,
                  "torch": "torch" in sys.modules, "pygraphviz": "pygraphviz" in sys.modules,
                  "children": len(children)}))
"""
_NODES = [f"layer{i} [shape=box]" for i in range(60)]
_EDGES = [f'layer{i} -> layer{i + 1} [label="float32 [1, 64, {i}, {i}]"]' for i in range(59)]


def _figure(kind: str, number: int) -> str:
    match kind:
        case "nnviz":
            side = 64 + number % _DIFFERENT  # each size is a graph of its own
            return f".. nnviz:: torchvision.models.resnet18\n   :input: tensor1x3x{side}x64\n"
        case "graphviz":
            lines = [".. graphviz::", "", "digraph {", f"n{number % _DIFFERENT}", *_NODES, *_EDGES, "}"]
            return "\n   ".join(lines) + "\n"
        case _:
            return f"Text {number}.\n"


def _write(folder: Path, kind: str, figures: int) -> None:
    folder.mkdir(parents=True)
    extension = {"nnviz": "nnviz_docs", "graphviz": "sphinx.ext.graphviz"}.get(kind)
    dot = folder / "dot"
    dot.write_text(_DOT.replace("{python}", sys.executable))
    dot.chmod(0o755)
    settings = f"graphviz_output_format = 'svg'\ngraphviz_dot = {str(dot)!r}\nhtml_theme = 'basic'\n"
    settings += f"nnviz_cache_dir = {str(folder.parent / 'cache')!r}\n" if kind == "nnviz" else ""
    (folder / "conf.py").write_text(f"extensions = {[extension] if extension else []}\n{settings}")
    pages = [f"page{number}" for number in range(-(-figures // _PER_PAGE))]
    (folder / "index.rst").write_text("Index\n=====\n\n.. toctree::\n\n   " + "\n   ".join(pages) + "\n")
    for number, page in enumerate(pages):
        numbers = range(number * _PER_PAGE, min((number + 1) * _PER_PAGE, figures))
        text = "\n".join(_figure(kind, n) for n in numbers)
        (folder / f"{page}.rst").write_text(f"{page}\n{'=' * len(page)}\n\n{text}\n")


def _build(site: Path) -> dict[str, object]:
    command = [sys.executable, "-c", _BUILD, str(site), str(site / "_build")]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _measure(folder: Path, kind: str, figures: int, runs: int) -> dict[str, object]:
    site = folder / f"{kind}-{figures}"
    _write(site, kind, figures)
    _build(site)
    if kind == "graphviz":  # its images stay in the output; what is built from pages goes
        _keep_only_images(site)
    else:
        shutil.rmtree(site / "_build")
    results = []
    for _ in range(runs):
        results.append(_build(site))
        _keep_only_images(site)
    medians = {name: statistics.median(float(str(result[name])) for result in results) for name in _TIMES}
    return results[-1] | medians


def _keep_only_images(site: Path) -> None:
    for path in (site / "_build").iterdir():
        if path.name != "_images":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def main() -> None:
    """Print a line for each kind and number of figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--figures", type=int, nargs="+", default=[100])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    kinds = ("none", "graphviz", "nnviz")
    compileall.compile_dir(_ROOT / "nnviz_docs", quiet=1)  # as pip does when it installs a package
    with tempfile.TemporaryDirectory() as folder:
        for figures in options.figures:
            empty: dict[str, float] = {}
            for kind in kinds:
                result = _measure(Path(folder), kind, figures, options.runs)
                times = {name: float(str(result[name])) for name in _TIMES}
                empty = empty or times
                each = {name: 1000 * (times[name] - empty[name]) / figures for name in _TIMES}
                spent = " ".join(f"{times[name]:7.2f} s {each[name]:6.2f} ms each" for name in _TIMES)
                loaded = " ".join(f"{name}={result[name]}" for name in ("torch", "pygraphviz", "children"))
                print(f"{figures:6} {kind:9} {spent}  {loaded}", flush=True)


if __name__ == "__main__":
    main()
