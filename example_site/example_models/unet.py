"""A U-Net for segmentation (Ronneberger, Fischer and Brox, 2015) with padded convolutions."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn


class DoubleConv(nn.Sequential):
    """Two 3 by 3 convolutions, each with batch normalisation and ReLU; height and width stay."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(
            nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )


class Down(nn.Module):
    """Halve height and width, then convolve."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.pool = nn.MaxPool2d(kernel_size=2)
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x: Tensor) -> Tensor:
        """Map ``[N, in, H, W]`` to ``[N, out, H/2, W/2]``."""
        return self.conv(self.pool(x))


class Up(nn.Module):
    """Double height and width, join the encoder's features of that size, then convolve."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, out_channels, kernel_size=2, stride=2)
        self.conv = DoubleConv(2 * out_channels, out_channels)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """Map ``[N, in, H, W]`` and the skip's ``[N, out, 2H, 2W]`` to ``[N, out, 2H, 2W]``."""
        return self.conv(torch.cat([skip, self.up(x)], dim=1))


class UNet(nn.Module):
    """An encoder and a decoder with a skip connection at each resolution.

    Args:
        channels: Channels of the image.
        classes: Classes to tell apart.
        widths: Channels at each resolution, from the full one down. The image's height and width must be
            multiples of two to the power of ``len(widths) - 1``.
    """

    def __init__(
        self, channels: int = 3, classes: int = 2, widths: tuple[int, ...] = (32, 64, 128, 256)
    ) -> None:
        super().__init__()
        self.stem = DoubleConv(channels, widths[0])
        self.encoder = nn.ModuleList(Down(wide, wider) for wide, wider in pairwise(widths))
        self.decoder = nn.ModuleList(Up(wide, narrow) for wide, narrow in pairwise(reversed(widths)))
        self.head = nn.Conv2d(widths[0], classes, kernel_size=1)

    # --8<-- [start:forward] (the Markdown pages show what is between the marks)
    def forward(self, image: Tensor) -> Tensor:
        """Map ``[N, channels, H, W]`` to logits ``[N, classes, H, W]``."""
        features = [self.stem(image)]
        for down in self.encoder:
            features.append(down(features[-1]))
        x = features.pop()
        for up in self.decoder:
            x = up(x, features.pop())
        return self.head(x)

    # --8<-- [end:forward]
