"""``forward`` is wrapped by a decorator, and uses nothing but a buffer beside its input."""

import functools

import torch
from torch import nn


def checked(forward):
    @functools.wraps(forward)
    def wrapper(self, x):
        return forward(self, x) if x.dim() else x

    return wrapper


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("factor", torch.ones(4))

    @checked
    def forward(self, x):
        return x * self.factor


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = Scale()
        self.last = nn.Linear(4, 2)

    def forward(self, x):
        return self.last(self.scale(x))
