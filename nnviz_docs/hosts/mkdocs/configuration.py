"""The plugin's configuration, made from the settings' declarations, which say what a value means."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.config import config_options
from mkdocs.config.base import BaseConfigOption, Config, ValidationError

from nnviz_docs.errors import NnvizError
from nnviz_docs.request.settings import Settings, declared_settings, settings_from


class _SiteSetting(BaseConfigOption[Any]):
    """One of the site's settings."""

    def __init__(self, name: str, default: object) -> None:
        super().__init__()
        self.name = name
        self.default = default

    def run_validation(self, value: object) -> object:
        """Check a value; return it as it is written."""
        try:
            settings_from({self.name: value})
        except NnvizError as error:
            raise ValidationError(str(error)) from error
        return value


class _Paths(Config):
    paths = config_options.ListOfItems(config_options.Type(str), default=["."])
    """Folders to import models from, beside what Python finds anyway; from the folder of ``mkdocs.yml``."""


PluginConfig = type(
    "PluginConfig",
    (_Paths,),
    {setting.name: _SiteSetting(setting.name, setting.default) for setting in declared_settings()},
)


def site_settings(config: Mapping[str, Any]) -> Settings:
    """Return the site's settings out of the plugin's configuration."""
    return settings_from({setting.name: config[setting.name] for setting in declared_settings()})


def import_paths(config: Mapping[str, Any], root: Path) -> tuple[str, ...]:
    """Return the folders to import models from."""
    return tuple(str((root / path).resolve()) for path in config["paths"])
