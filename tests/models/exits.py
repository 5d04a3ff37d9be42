"""Ends its process without a word."""

import os

from torch import nn


class Model(nn.Module):
    def forward(self, x):
        os._exit(0)
