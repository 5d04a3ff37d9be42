"""Has a part that returns a list of several tensors."""

from torch import nn


class Part(nn.Module):
    def forward(self, x):
        return [x * 1, x.sum(1), x[0]]


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = Part()

    def forward(self, x):
        return self.part(x)
