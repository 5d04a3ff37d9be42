"""Empty containers as arguments and results of modules."""

from torch import nn


class Inner(nn.Module):
    def forward(self, x, extra):
        return x * 2, [], {"nothing": {}}, [[]]


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Inner()

    def forward(self, x):
        return self.inner(x, [])
