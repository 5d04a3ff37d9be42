"""Imports the module that imports it."""

from tests.models.mistakes.circle import Model


class Back:
    pass
