"""Needs a package that is not installed."""

import no_such_package
