"""Takes four gigabytes, outside of what a meta run can spare it."""

from torch import nn


class Model(nn.Module):
    def forward(self, x):
        self.ballast = bytearray(4 * 2**30)
        return x
