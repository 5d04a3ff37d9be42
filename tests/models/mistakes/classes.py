"""Models with one mistake each, or that a page makes one with."""

from abc import ABC, abstractmethod
from pathlib import Path

import torch
from torch import nn


class Linear(nn.Module):
    def __init__(self, width, classes=2):
        super().__init__()
        self.body = nn.Linear(width, classes)

    def forward(self, x):
        return self.body(x)


class Convolution(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Conv2d(3, 2, 3)

    def forward(self, x):
        return self.body(x)


class Embedding(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Embedding(10, 4)

    def forward(self, tokens):
        return self.body(tokens)


class Abstract(nn.Module, ABC):
    @abstractmethod
    def forward(self, x): ...


class WithoutForward(nn.Module):
    pass


class WithoutSuper(nn.Module):
    def __init__(self):
        self.body = nn.Linear(4, 4)


class OnCuda(nn.Module):
    def forward(self, x):
        return x + torch.ones(4).cuda()


class Configuration:
    def __init__(self, width=4):
        self.width = width


class Configured(nn.Module):
    def __init__(self, configuration):
        super().__init__()
        self.body = nn.Linear(configuration.width, 4)

    def forward(self, x):
        return self.body(x)


class NeedsFile(nn.Module):
    def __init__(self):
        super().__init__()
        Path("weights.pt").read_bytes()


class NeedsPackage(nn.Module):
    def __init__(self):
        super().__init__()
        import no_such_package
