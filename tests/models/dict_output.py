"""Nested dicts and lists in the output, with keys that are no strings and a value of an unknown type."""

from torch import nn


class Unknown:
    pass


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 3)

    def forward(self, x):
        y = self.body(x)
        return {"features": [x, Unknown(), y], 3: {"deep": (y, [], {})}, "empty": ()}
