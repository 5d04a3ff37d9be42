"""Which files, modules and distributions a trace depended on, noted while it runs.

Files of the project are hashed as they are read, so that the hash is of the very bytes that ran: a compiled
file beside a module, which only its time stamp ties to the source, is never used for them.
"""

from __future__ import annotations

import hashlib
import importlib.machinery
import os
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from nnviz_docs.worker.distributions import own_versions, versions
from nnviz_docs.worker.imports import ImportRecorder

# A prefix is not Python's alone (projects live in /usr/src), but that of a virtual environment is.
_ENVIRONMENT = {sys.prefix} - {sys.base_prefix}
_INSTALLED = tuple(
    os.path.realpath(path) + os.sep
    for name, path in (*sysconfig.get_paths().items(), *(("", prefix) for prefix in _ENVIRONMENT))
    if name != "data"
)
_TEMPORARY = os.path.realpath(tempfile.gettempdir()) + os.sep
_SYSTEM = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/lib/", "/usr/share/", _TEMPORARY)
_PACKAGES = {"site-packages", "dist-packages"}
_IMPORTING = {__name__, ImportRecorder.__module__}
_OWN = os.path.realpath(Path(__file__).parents[1]) + os.sep


class SourceRecorder:
    """Notes what is read once `install` was called; for a process that traces one model and ends.

    Args:
        root: The project's root, which paths are relative to.
        paths: The project's other folders that modules are imported from.
    """

    def __init__(self, root: Path, paths: Sequence[str] = ()) -> None:
        self._root = root.resolve()
        self._folders = tuple(os.path.realpath(folder) + os.sep for folder in (str(root), *paths))
        self._hashes: dict[str, str] = {}
        self._missed: set[str] = set()
        self._begun: dict[str, str] = {}
        self._before = look_at_modules()
        self._imports = ImportRecorder(self.is_project_file)
        self._reading = False

    def install(self) -> None:
        """Start to note the project's modules as they are compiled and its files as they are opened."""
        loader: Any = importlib.machinery.SourceFileLoader
        original_stats, original_data = loader.path_stats, loader.get_data

        def path_stats(this: Any, path: str) -> Any:
            if self.is_project_file(path):
                raise OSError  # makes the import system compile the source afresh
            return original_stats(this, path)

        def get_data(this: Any, path: str) -> bytes:
            data: bytes = original_data(this, path)
            if self.is_project_file(path):
                self._hashes[os.path.realpath(path)] = _hash(data)
                if path == this.path:  # a module that fails leaves nothing else behind
                    self._begun[this.name] = self._relative(os.path.realpath(path))
            return data

        loader.path_stats, loader.get_data = path_stats, get_data
        self._imports.install()
        sys.meta_path.append(_LastFinder(self._note_missed))
        sys.addaudithook(self._note_open)

    def files(self) -> list[tuple[str, str]]:
        """Return path relative to the root, with ``/``, and SHA-256 of each file of the project, sorted."""
        for _, origin in self._project_modules:
            self._note(origin)
        return sorted((self._relative(path), digest) for path, digest in self._hashes.items())

    def modules(self, full_names: Iterable[str]) -> list[tuple[str, str]]:
        """Return the names that were imported, and the project's file that each led to, sorted.

        Of packages that are not the project's only the outermost name counts, and only where the model's
        code uses it (see `distributions`): which others were imported depends on what this process was forked
        from. A name that led nowhere counts when the project's code, or the request itself, asked for it.
        """
        answers = dict.fromkeys(self._missed, "") | self._begun
        answers |= {name: "" for name in self._packages(full_names) if _is_findable(name)}
        for name in set(sys.modules) - self._before:
            place = self._place(sys.modules[name])
            if place:
                answers[name] = place
        return sorted(answers.items())

    def distributions(self, full_names: Iterable[str]) -> list[tuple[str, str]]:
        """Return name and version of the distributions that the model's code came from, sorted.

        Those are torch, the ones that ``full_names`` (of what was called) belong to, and the ones that the
        project's modules use; what these import in their turn is theirs to keep working.
        """
        packages = self._packages(full_names)
        return sorted({*own_versions(), *versions(name for name in packages if _is_installed(name))})

    def _packages(self, full_names: Iterable[str]) -> set[str]:
        packages = {"torch", *self._imports.packages, *(name.partition(".")[0] for name in full_names)}
        for module, _ in self._project_modules:
            packages |= {_package_of(value) for value in list(vars(module).values())}
        return packages

    @cached_property
    def _project_modules(self) -> list[tuple[ModuleType, str]]:
        """The project's modules and their files, when all is over."""
        names = [*_perhaps_projects, *(set(sys.modules) - self._before)]
        modules = [sys.modules[name] for name in names if name in sys.modules]
        files = [(module, _file_of(module)) for module in modules]
        return [(module, file) for module, file in files if file and self.is_project_file(file)]

    def is_project_file(self, path: str) -> bool:
        """Tell whether a file is the project's own: not installed, not the system's, not this package."""
        others, real = _closeness_of_others(path), _real(path)
        return not others or (others <= len(real) and _closest(real, self._folders) >= others)

    def _place(self, module: ModuleType) -> str:
        origin = _file_of(module)
        if origin:
            return self._relative(os.path.realpath(origin)) if self.is_project_file(origin) else ""
        folders = vars(module).get("__path__", ())  # some modules answer to any attribute
        return "?" if any(self.is_project_file(str(folder)) for folder in folders) else ""

    def _note_missed(self, name: str) -> None:
        caller = next(_frames_outside_imports(), None)
        path = caller.f_code.co_filename if caller else ""
        if os.path.realpath(path).startswith(_OWN) or (Path(path).is_file() and self.is_project_file(path)):
            self._missed.add(name)

    def _note_open(self, event: str, args: tuple[Any, ...]) -> None:
        if event != "open" or self._reading or not isinstance(args[0], (str, bytes)):
            return
        path, mode = os.fsdecode(args[0]), args[1]
        if isinstance(mode, str) and mode.startswith("r") and self._is_below_root(path):
            self._note(path)

    def _is_below_root(self, path: str) -> bool:
        return self.is_project_file(path) and Path(os.path.realpath(path)).is_relative_to(self._root)

    def _note(self, path: str) -> None:
        real = os.path.realpath(path)
        if real in self._hashes or Path(real).is_dir():
            return
        self._reading = True
        try:
            self._hashes[real] = _hash(Path(real).read_bytes()) if Path(real).exists() else ""
        except OSError:
            return
        finally:
            self._reading = False

    def _relative(self, real: str) -> str:
        return Path(os.path.relpath(real, self._root)).as_posix()


class _LastFinder:
    """Stands last on ``sys.meta_path``: whatever it is asked for, nobody else has found."""

    def __init__(self, note: Any) -> None:
        self._note = note

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        """Note the name, and find nothing either."""
        self._note(name)


_looked_at: set[str] = set()
_perhaps_projects: list[str] = []
"""Names of modules that were imported before a job began, and of those the few that are not installed."""


def look_at_modules() -> set[str]:
    """Return the names of the modules that are imported now, and note which of them may be a project's.

    Done before jobs fork from this process, it spares each of them to look through thousands.
    """
    for name in set(sys.modules) - _looked_at:
        file = _file_of(sys.modules[name])
        if file and _closeness_of_others(file) <= len(_real(file)):
            _perhaps_projects.append(name)
        _looked_at.add(name)
    return set(sys.modules)  # what was looked at may have been taken out since, to be imported anew


def _file_of(module: ModuleType) -> str:
    """Return the file that a module came from; some make one up."""
    origin = getattr(module, "__file__", None)
    return origin if isinstance(origin, str) and Path(origin).is_file() else ""


def _is_findable(name: str) -> bool:
    """Tell whether a module came from the path; some are made on the fly or built in."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return spec is not None and (spec.has_location or spec.submodule_search_locations is not None)


def _frames_outside_imports() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if not name.startswith("importlib") and name not in _IMPORTING:
            yield frame
        frame = frame.f_back


@cache
def _closeness_of_others(path: str) -> int:
    """Return how many characters of a file's path name a folder that is no project's.

    More than there are for what is never a project's, whatever folders the project has.
    """
    real = _real(path)
    if real.endswith(".pyc") or real.startswith(_OWN) or _PACKAGES & set(Path(real).parts):
        return len(real) + 1
    return _closest(real, (*_SYSTEM, *_INSTALLED))


@cache
def _real(path: str) -> str:
    return os.path.realpath(path)


def _closest(path: str, folders: Iterable[str]) -> int:
    """Return the length of the longest of the folders that holds a path, 0 for none."""
    return max((len(folder) for folder in folders if path.startswith(folder)), default=0)


def _package_of(value: object) -> str:
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return name.partition(".")[0] if isinstance(name, str) else ""


def _is_installed(package: str) -> bool:
    origin = getattr(sys.modules.get(package), "__file__", None) or ""
    return bool(_PACKAGES & set(Path(origin).parts))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
