"""Wants weights from the network."""

import urllib.request

from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        urllib.request.urlopen("http://weights.example/model.pt")

    def forward(self, x):
        return x
