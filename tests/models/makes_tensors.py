"""Makes tensors of Python numbers, some of them out of its input."""

import torch
from torch import nn


class Model(nn.Module):
    def forward(self, x):
        return x + torch.tensor([1.0, 2.0, 3.0, 4.0]) + torch.tensor(x[0].tolist())
