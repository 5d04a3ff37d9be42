"""The parent's side of tracing: the key, the cache with its manifest, and the worker's client."""
