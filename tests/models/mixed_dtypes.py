"""Multiplies tensors of different dtypes: with and without a conversion."""

import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 4)

    def forward(self, x):
        return self.body(x)


class Product(nn.Module):
    def forward(self, x):
        return x @ torch.ones(4, 2)


class Added(nn.Module):
    def forward(self, x):
        return torch.addmm(torch.ones(2), x, torch.ones(4, 2))


class Transposed(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.ConvTranspose1d(2, 2, 1)

    def forward(self, x):
        return self.body(x)


class Converted(Model):
    def forward(self, x):
        return self.body(x.float())


class Autocast(Model):
    def forward(self, x):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return self.body(x).float() @ torch.ones(4, 2, dtype=torch.bfloat16)
