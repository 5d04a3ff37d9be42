"""Dropout in eval hands its input back; what else uses the input does not use the dropout."""

from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 4)
        self.dropout = nn.Dropout()

    def forward(self, x):
        y = self.body(x)
        return self.dropout(y) * 2, y + 1
