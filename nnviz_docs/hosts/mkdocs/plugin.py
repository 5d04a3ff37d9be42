"""The plugin: gathers the fences of all pages, makes the figures together, and puts them on the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files

from nnviz_docs.errors import NnvizError
from nnviz_docs.figure import SCRIPT, STYLESHEET, Figures, style_css
from nnviz_docs.hosts.markdown import Collection, NnvizExtension
from nnviz_docs.hosts.mkdocs.configuration import PluginConfig, import_paths, site_settings
from nnviz_docs.hosts.mkdocs.watching import Watch

_logger = get_plugin_logger("nnviz")
_STYLESHEET_URI = f"assets/stylesheets/{STYLESHEET.name}"
_STYLE_URI = "assets/stylesheets/nnviz-style.css"
_SCRIPT_URI = f"assets/javascripts/{SCRIPT.name}"
_EXTENSION = "nnviz_docs"
_BEFORE_MINIFIERS = 100


class NnvizPlugin(BasePlugin[PluginConfig]):
    """Draws models in the pages of a MkDocs site."""

    def __init__(self) -> None:
        self._collection: Collection | None = None
        self._style = ""
        self._watch = Watch()

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Do nothing; that this exists lets the plugin, and what it watches, outlive a rebuild."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Begin a build: nothing of the build before is kept, so edited models are seen."""
        root = Path(config.config_file_path or "mkdocs.yml").resolve().parent
        settings, paths = site_settings(self.config), import_paths(self.config, root)
        figures = Figures(settings, root, paths)
        self._collection = Collection(settings, figures, _logger)
        self._watch.start_build(figures, paths)
        extensions: list[Any] = [name for name in config.markdown_extensions if name != _EXTENSION]
        config.markdown_extensions = [*extensions, NnvizExtension(collection=self._collection)]
        try:
            self._style = style_css(settings)
        except NnvizError as error:
            raise PluginError(str(error)) from error
        # A site's own styles come behind ours.
        config.extra_css[:0] = [_STYLESHEET_URI, *([_STYLE_URI] if self._style else [])]
        if settings.interactive:
            config.extra_javascript.append(_SCRIPT_URI)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add stylesheets and script to the site; nothing is written among its sources."""
        for uri, path in ((_STYLESHEET_URI, STYLESHEET), (_SCRIPT_URI, SCRIPT)):
            files.append(File.generated(config, uri, abs_src_path=str(path)))
        if self._style:
            files.append(File.generated(config, _STYLE_URI, content=self._style))
        return files

    def on_page_content(self, html: str, **_rest: object) -> str:
        """Note which figures a page shows. Its places stay empty for now, so no search lists boxes."""
        self._gathered().note_shown(html)
        return html

    def on_env(self, env: Any, **_rest: object) -> Any:
        """Make the figures of all pages, when all have been read and none has been written."""
        collection = self._gathered()
        missing = collection.missing()
        for number, request in enumerate(collection.trace(missing), start=1):
            _logger.info("Traced %d of %d models: %s", number, len(missing), request.model)
        collection.finish()
        collection.report()
        self._watch.finish_build(collection.requests())
        return env

    @event_priority(_BEFORE_MINIFIERS)
    def on_post_page(self, output: str, **_rest: object) -> str:
        """Put the figures on a page."""
        return self._gathered().fill(output)

    def on_post_build(self, **_rest: object) -> None:
        """End what was started to make the figures."""
        self._gathered().close()

    def on_build_error(self, **_rest: object) -> None:
        """End it where the build does not come to its end, too."""
        if self._collection is not None:
            self._collection.close()

    def on_serve(self, server: LiveReloadServer, **_rest: object) -> LiveReloadServer:
        """Have the files of the models watched, from this build on."""
        self._watch.serve(server)
        return server

    def _gathered(self) -> Collection:
        assert self._collection is not None  # noqa: S101 (a build begins with its configuration)
        return self._collection
