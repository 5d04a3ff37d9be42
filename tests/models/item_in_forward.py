"""Reads the value of a constant in ``forward``: too much for meta tensors, not for fake ones."""

import torch
from torch import nn


class Model(nn.Module):
    def forward(self, x):
        return x * torch.tensor(3).item()
