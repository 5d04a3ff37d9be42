"""The figures of a build: collected while pages are read, made together when all are, and reported."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError
from sphinx.util import logging
from sphinx.util.display import status_iterator

from nnviz_docs.errors import WITHOUT_REASON, NnvizError, Problem
from nnviz_docs.figure import Figures, trace_log
from nnviz_docs.request.request import FigureRequest, TraceRequest
from nnviz_docs.request.settings import Settings, declared_settings, settings_from

_logger = logging.getLogger(__name__)
_WITHOUT_PAGES = {"changes", "coverage", "doctest", "gettext", "linkcheck"}
"""Builders that show no figures, for which none is traced."""


@dataclass(slots=True)
class _Build:
    settings: Settings
    figures: Figures
    documents: Sequence[str] = field(default_factory=list)


_builds: WeakKeyDictionary[BuildEnvironment, _Build] = WeakKeyDictionary()
"""The build of each living environment; forked writers inherit what was made before."""


def figures_of(env: BuildEnvironment) -> Figures:
    """Return the figures of the running build."""
    return _builds[env].figures


def settings_of(env: BuildEnvironment) -> Settings:
    """Return the site's settings in the running build."""
    return _builds[env].settings


def read_settings(config: Config) -> Settings:
    """Return the site's settings.

    Raises:
        NnvizError: a value in ``conf.py`` is not one that the setting takes.
    """
    values = {s.name: getattr(config, f"nnviz_{s.name}") for s in declared_settings()}
    texts = {s.name for s in declared_settings() if isinstance(s.default, str)}
    return settings_from({name: v if name in texts else _from_text(v) for name, v in values.items()})


def _from_text(value: Any) -> Any:
    """Return the number, flag or list that a text stands for, as ``-D nnviz_timeout=5`` gives it."""
    if not isinstance(value, str):
        return value
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return value.split(",") if "," in value or "*" in value else value


def warn(problem: Problem, location: Any) -> None:
    """Report a problem as a warning of type ``nnviz``.

    Its details go to the log: of what ended without a reason always, of the rest under ``-v``.
    """
    _logger.warning(str(problem), type="nnviz", subtype=problem.kind.value, location=location)
    if problem.detail:
        log = _logger.info if problem.kind in WITHOUT_REASON else _logger.verbose
        log(problem.detail.rstrip())


def note_request(env: BuildEnvironment, request: FigureRequest, location: str) -> None:
    """Note that the page being read asks for a figure, at ``file:line``."""
    _requests(env).setdefault(env.docname, []).append((location, request))


# Event handlers, in the order in which Sphinx calls them


def make_figures(app: Sphinx) -> None:
    """Read the settings, before anything is read or traced (``builder-inited``)."""
    try:
        settings = read_settings(app.config)
    except NnvizError as error:
        raise ConfigError(str(error)) from error
    _builds[app.env] = _Build(settings, Figures(settings, Path(app.confdir)))


def find_outdated(
    _app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], _removed: set[str]
) -> list[str]:
    """Return the documents whose figures are no longer those that were drawn (``env-get-outdated``)."""
    figures = _builds[env].figures
    return [
        docname
        for docname, requests in _requests(env).items()
        if docname not in added | changed
        and not _are_current([figures.state(request) for _, request in requests], _states(env).get(docname))
    ]


def note_documents(_app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Note which documents this build reads (``env-before-read-docs``)."""
    _builds[env].documents = docnames


def forget_document(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget the requests of a page that is read again or gone (``env-purge-doc``)."""
    _requests(env).pop(docname, None)


def merge_requests(
    _app: Sphinx, env: BuildEnvironment, docnames: AbstractSet[str], other: BuildEnvironment
) -> None:
    """Take over what a parallel reader noted (``env-merge-info``)."""
    found = _requests(other)
    _requests(env).update({name: found[name] for name in docnames if name in found})


def prepare_figures(app: Sphinx, env: BuildEnvironment) -> None:
    """Make the figures of all pages that were read, and report what went wrong (``env-updated``).

    A page with a problem is read again at the next build, so that its warning comes back until it is fixed.
    """
    if app.builder.name in _WITHOUT_PAGES:
        for docname in _builds[env].documents:
            _states(env).pop(docname, None)
        return
    build = _builds[env]
    wanted = [
        (docname, location, request)
        for docname in sorted(build.documents)
        for location, request in _requests(env).get(docname, ())
    ]
    _trace(build.figures, (request for _, _, request in wanted), app.verbosity)
    for docname, location, request in wanted:
        for problem in _problems(build.figures, request):
            warn(problem, location)
            env.reread_always.add(docname)
    pages = {name: [request for _, request in noted] for name, noted in sorted(_requests(env).items())}
    for docname in build.documents:
        _states(env)[docname] = [build.figures.state(request) for request in pages.get(docname, ())]
    build.figures.finish(pages)
    if build.figures.cache_problem:
        warn(build.figures.cache_problem, None)


def _trace(figures: Figures, requests: Iterable[FigureRequest], verbosity: int) -> None:
    missing = figures.missing(requests)
    if not missing:
        return
    traced = figures.prepare(missing)
    for done in status_iterator(traced, "tracing models... ", "purple", len(missing), verbosity, _model_name):
        with suppress(NnvizError):  # its pages are told
            _logger.verbose(trace_log(done, figures.trace(done).graph))


def _model_name(request: TraceRequest) -> str:
    return str(request.model)


def _problems(figures: Figures, request: FigureRequest) -> Iterator[Problem]:
    try:
        yield from figures.figure(request).problems
    except NnvizError as error:
        yield error.problem


def _are_current(states: list[str], drawn: list[str] | None) -> bool:
    """Tell whether figures are what they were when they were drawn; an empty state is never current."""
    return all(states) and states == drawn


def _states(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return what the figures of each page were drawn from, as `Figures.state` has it."""
    if not hasattr(env, "nnviz_states"):
        env.nnviz_states = {}  # type: ignore[attr-defined]
    return env.nnviz_states  # type: ignore[attr-defined,no-any-return]


def _requests(env: BuildEnvironment) -> dict[str, list[tuple[str, FigureRequest]]]:
    """Return the requests of each page with their places; kept on the environment, which Sphinx pickles."""
    if not hasattr(env, "nnviz_requests"):
        env.nnviz_requests = {}  # type: ignore[attr-defined]
    return env.nnviz_requests  # type: ignore[attr-defined,no-any-return]
