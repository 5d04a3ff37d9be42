"""A parameter, a buffer and a tensor that is neither, all used directly; one parameter is not used."""

import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(4))
        self.unused = nn.Parameter(torch.ones(9))
        self.register_buffer("shift", torch.zeros(4))

    def forward(self, x):
        return x * self.scale + self.shift
