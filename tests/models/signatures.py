"""Models that differ in what their ``forward`` takes; each returns all of it."""

from torch import nn


class Other(nn.Module):
    def forward(self, picture, scale=1):
        return picture, scale


class Later(nn.Module):
    def forward(self, first=None, x=None):
        return first, x


class ByName(nn.Module):
    def forward(self, *, query, key=None):
        return query, key


class Anything(nn.Module):
    def forward(self, *args, **kwargs):
        return args, kwargs


class Nothing(nn.Module):
    def forward(self):
        return ()


class Two(nn.Module):
    def forward(self, image, mask):
        return image, mask
