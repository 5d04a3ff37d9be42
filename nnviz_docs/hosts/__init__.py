"""One host per documentation framework, and the command line; each knows its own framework alone."""
