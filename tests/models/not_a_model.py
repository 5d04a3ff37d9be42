"""Things that are no models."""

from torch import nn


class Plain:
    pass


def gives_text():
    return "a text"


ready = nn.Sequential(nn.Linear(4, 3), nn.ReLU())
