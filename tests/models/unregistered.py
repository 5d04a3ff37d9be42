"""Keeps tensors as plain attributes, which ``Module.to`` does not move."""

import torch
from torch import nn


class Model(nn.Module):
    """Its attributes are made on the default device."""

    def __init__(self):
        super().__init__()
        self.mask = torch.ones(4)
        self.scales = [torch.ones(4), torch.tensor(3.0)]

    def forward(self, x):
        return x * self.mask + self.scales[0] * self.scales[1]


class OnCpu(nn.Module):
    """Its attribute is on the CPU whatever the default device is."""

    def __init__(self):
        super().__init__()
        self.mask = torch.ones(4, device="cpu")

    def forward(self, x):
        return x * self.mask


class Counted(nn.Module):
    """Its constructor reads a value, so that it is built on the CPU and moved."""

    def __init__(self):
        super().__init__()
        self.mask = torch.ones(torch.tensor(4).item())

    def forward(self, x):
        return x * self.mask
