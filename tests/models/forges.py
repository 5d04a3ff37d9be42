"""Writes replies of its own to every descriptor that it finds open, and dies."""

import os

from torch import nn


class Model(nn.Module):
    def forward(self, x):
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, b'{"job": 1, "status": 0, "timed_out": false}\n')
            except OSError:
                continue
        os._exit(3)
