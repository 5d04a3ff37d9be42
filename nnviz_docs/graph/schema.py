"""The version of the graph's JSON form, apart from the form: a key is made without knowing any graph."""

SCHEMA = 3
"""Version of the graph's JSON form; part of every cache key."""
