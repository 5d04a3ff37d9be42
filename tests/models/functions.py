"""Helper functions that give the code a structure of its own."""

import functools

import torch
from torch import nn


def normalise(x):
    low = x.amin()
    return (x - low) / (x.amax() - low)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 4)

    def forward(self, x):
        return self._forward_impl(x)

    def _forward_impl(self, x):
        x = normalise(self.body(x))
        x = normalise(torch.relu(x))
        return self._last(x)

    def _last(self, x):
        return x.softmax(dim=-1)


class Settings(dict):
    """What may be asked for anything, and raises `KeyError`."""

    __getattr__ = dict.__getitem__


def twice_checked(function, settings=Settings(scale=2)):  # noqa: B008
    """Put two decorators around a function, one of which computes."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return settings.scale * function(*args, **kwargs) * settings.scale

    @functools.wraps(function)
    def outer(self, *args):
        return wrapper(self, *args)

    return outer


class Decorated(Model):
    @twice_checked
    def forward(self, x):
        return self._middle(x) + self._kept(x)

    @twice_checked
    def _middle(self, x):
        return normalise(self.body(x)) + x

    def _kept(self, x):
        def halves(*values):
            return values[0] / 2 + (halves(*values[1:]) if values[1:] else 1)

        def both(x):
            return halves(x, x) * halves(x)

        return both(x) - 1
