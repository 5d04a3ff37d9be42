"""Indexes with slices, an ellipsis, None and a list, which JSON has not."""

from torch import nn


class Model(nn.Module):
    def forward(self, x):
        return x[:, 0], x[..., None], x[:, ::2][:, [0, 1]]
