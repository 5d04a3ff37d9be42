"""Hands torch a list that can't be looked at."""

import torch
from torch import nn


class Odd(list):
    @property
    def _fields(self):
        raise RuntimeError("not to be looked at")


class Model(nn.Module):
    def forward(self, x):
        return torch.stack(Odd([x, x]))


class Careful(Model):
    """Goes on whatever happens."""

    def forward(self, x):
        try:
            return super().forward(x)
        except Exception:  # noqa: BLE001 (as careful code has it)
            return x
