"""Imports a module that imports this one."""

from tests.models.mistakes.circle_back import Back


class Model:
    pass
