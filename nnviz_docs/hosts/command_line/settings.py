"""Site settings as options of a command."""

from __future__ import annotations

import argparse

from nnviz_docs.request.settings import Settings, declared_settings, settings_from


def add_setting_options(command: argparse.ArgumentParser, *names: str) -> None:
    """Let a command take some of the site's settings."""
    for setting in declared_settings():
        if setting.name not in names:
            continue
        option, text = f"--{setting.name.replace('_', '-')}", setting.help.replace("%", "%%")
        if isinstance(setting.default, bool):
            command.add_argument(option, action="store_true", default=None, help=text)
        else:
            kind = type(setting.default) if isinstance(setting.default, (float, int)) else str
            kind = str if setting.name in {"memory_limit", "cache_size"} else kind
            command.add_argument(option, type=kind, metavar="VALUE", help=text)


def settings_of(options: argparse.Namespace, *names: str, **more: object) -> Settings:
    """Return the settings that a command was given, and more; raises `NnvizError` for a wrong value."""
    return settings_from({name: getattr(options, name) for name in names} | more)
