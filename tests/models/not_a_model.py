"""Things that are no models."""

from os import system

from torch import nn


class Plain:
    pass


def gives_text():
    return "a text"


imported = system
ready = nn.Sequential(nn.Linear(4, 3), nn.ReLU())
