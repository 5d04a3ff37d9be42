"""Runs under inference mode, whose tensors count no writes."""

import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 4)

    @torch.inference_mode()
    def forward(self, x):
        y = torch.zeros(2, 4)
        y[:] = self.body(x)
        return y
