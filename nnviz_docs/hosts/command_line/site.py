"""``nnviz-docs check`` and ``refresh``: what of a site is out of date, and its renewal."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import Any

from nnviz_docs.hosts.command_line.output import progress, report, say
from nnviz_docs.hosts.command_line.settings import add_setting_options, settings_of
from nnviz_docs.upkeep import check, missing, open_site, refresh

_SETTINGS = ("python", "timeout", "memory_limit", "workers", "dot")
SITE = "Folder with conf.py or mkdocs.yml, or the cache folder itself."


def add_commands(commands: Any) -> None:
    """Add both commands to the parser's."""
    command = commands.add_parser(
        "check", help="say which figures of a site are out of date or missing", allow_abbrev=False
    )
    command.add_argument("site", metavar="SITE", type=Path, help=SITE)
    command.set_defaults(run=_check)
    command = commands.add_parser(
        "refresh", help="trace and lay out what a site's cache lacks", allow_abbrev=False
    )
    command.add_argument("site", metavar="SITE", type=Path, help=SITE)
    command.add_argument("--all", action="store_true", help="Trace every figure again.")
    command.add_argument("-v", "--verbose", action="store_true", help="Show tracebacks of what models raise.")
    add_setting_options(command, *_SETTINGS)
    command.set_defaults(run=_refresh)


def _check(options: argparse.Namespace) -> int:
    site = open_site(options.site)
    count = sum(1 for _ in site.index.figures())
    found = list(check(site))
    for page, _, problem in found:
        report(problem, "error", place=page)
    bad = len({(page, request) for page, request, _ in found})
    say(f"{count} figures, {bad} out of date or missing.")
    return 1 if found else 0


def _refresh(options: argparse.Namespace) -> int:
    site = open_site(options.site)
    mode = {"mode": "refresh"} if options.all else {}
    figures = site.figures(settings_of(options, *_SETTINGS, **mode))
    with closing(figures):
        wanted = missing(site, figures)
        for done, request in enumerate(figures.prepare(wanted), 1):
            progress(done, len(wanted), str(request.model))
        problems = list(refresh(site, figures))
    for page, problem in problems:
        report(problem, "warning", place=page, verbose=options.verbose)
    if figures.cache_problem:
        report(figures.cache_problem, "error")
    say(f"{sum(1 for _ in site.index.figures())} figures, {len(wanted)} models traced.")
    return 1 if figures.cache_problem else 0
