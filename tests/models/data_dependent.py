"""The shape of the output depends on the values of the input."""

from torch import nn


class Model(nn.Module):
    def forward(self, x):
        rows = x[x[:, 0] > -1]
        return rows if len(rows) else x * 2
