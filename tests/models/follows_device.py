"""Moves what it makes to where its input is."""

import torch
from torch import nn


class Model(nn.Module):
    def forward(self, x):
        return x + torch.ones(4).to(x.device, torch.float64)
