"""Functions whose names begin like those of reflected and in-place operators, and such operators."""

import torch
from torch import nn


class Model(nn.Module):
    def forward(self, x):
        noise = torch.rand(4) + torch.relu(x)
        noise -= 1
        return 2 / noise, ~(noise > 0), 3 - noise
