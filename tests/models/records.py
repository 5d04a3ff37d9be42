"""A dataclass and a named tuple that travel between modules."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import nn


@dataclass
class Pair:
    left: torch.Tensor
    right: torch.Tensor


class Point(NamedTuple):
    x: torch.Tensor
    y: torch.Tensor


class Split(nn.Module):
    def forward(self, x):
        return Pair(x + 1, x * 2)


class Join(nn.Module):
    def forward(self, pair):
        return Point(pair.left - 1, pair.right)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.split = Split()
        self.join = Join()

    def forward(self, x):
        return self.join(self.split(x))
