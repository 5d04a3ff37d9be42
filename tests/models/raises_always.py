"""Raises in its own code, whatever it is given."""

from torch import nn


class Model(nn.Module):
    def forward(self, x):
        raise ValueError("no such luck")
