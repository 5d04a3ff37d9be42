"""Would download weights by default, and says so in its signature."""

import urllib.request

from torch import nn


def fetched(weights):
    if weights:
        urllib.request.urlopen(f"http://weights.example/{weights}.pt")


class Model(nn.Module):
    def __init__(self, width=4, weights="default", weights_backbone="default", pretrained_head=True):
        super().__init__()
        for wanted in (weights, weights_backbone, pretrained_head):
            fetched(wanted)
        self.head = nn.Linear(4, width)

    def forward(self, x):
        return self.head(x)
