"""Imports relatively, as only a module of a package can."""

from .classes import OnCuda
