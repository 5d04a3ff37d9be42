"""Helper functions that give the code a structure of its own."""

import torch
from torch import nn


def normalise(x):
    low = x.amin()
    return (x - low) / (x.amax() - low)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 4)

    def forward(self, x):
        return self._forward_impl(x)

    def _forward_impl(self, x):
        x = normalise(self.body(x))
        x = normalise(torch.relu(x))
        return self._last(x)

    def _last(self, x):
        return x.softmax(dim=-1)
