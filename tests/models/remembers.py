"""Keeps in itself what it computed from a buffer, on whose size it then branches."""

import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("scale", torch.ones(4))
        self.seen = []

    def forward(self, x):
        self.seen.append(self.scale * 2)
        y = x * sum(self.seen)
        return y if bool(self.scale.numel() > 1 and len(self.scale) > 1) else -y
