"""Imports a module that its own package has not."""

import tests.models.no_such_module
