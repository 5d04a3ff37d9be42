"""Prints, from Python and past it, and closes what it prints to."""

import os

from torch import nn


class Model(nn.Module):
    def forward(self, x):
        print('{"job": 1, "status": 0, "timed_out": false}')
        os.write(1, b'{"job": 1, "status": 0, "timed_out": false}\n' * 1000)
        os.close(1)
        os.close(2)
        return x + 1
