"""The child process: loads a model, makes its inputs, traces it, describes what it saw.

The only room where torch may be imported. See `nnviz_docs.worker.__main__` for the protocol.
"""
