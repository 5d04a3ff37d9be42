"""Does something else while it is trained, and asks whether gradients are recorded."""

import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.dropout = nn.Dropout()

    def forward(self, x):
        if self.training or self.dropout.training or torch.is_grad_enabled():
            return x.exp()
        return x.sin()
