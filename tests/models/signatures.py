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


class Batch(nn.Module):
    def forward(self, batch, **options):
        return batch, options


class SecretlyBuilt(nn.Module):
    def __init__(self, width, token="s3cret", act=len, bias=True):
        super().__init__()


class Secretive(nn.Module):
    def forward(self, image, mask, act=len, home="/srv/secret", scale=1):
        return image, mask


class Nothing(nn.Module):
    def forward(self):
        return ()


class Two(nn.Module):
    def forward(self, image, mask):
        return image, mask
