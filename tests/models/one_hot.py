"""Turns indices into one-hot vectors: with the number of classes, and with one that depends on the data."""

from torch import nn


class Model(nn.Module):
    def forward(self, tokens):
        return nn.functional.one_hot(tokens, 5)


class Counting(nn.Module):
    def forward(self, tokens):
        return nn.functional.one_hot(tokens)
