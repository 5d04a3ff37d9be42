"""A single-stage detector in miniature: a backbone, a feature pyramid and two heads."""

from __future__ import annotations

from typing import TypedDict

import torch
from torch import Tensor, nn


class Heads(TypedDict):
    """What the heads say of each anchor point of all pyramid levels together."""

    boxes: Tensor
    labels: Tensor


class Detections(TypedDict):
    """The pyramid's features, from fine to coarse, and the predictions made from them."""

    features: list[Tensor]
    heads: Heads


class Backbone(nn.Module):
    """Three stages, each of which halves height and width."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        channels = (3, *widths)
        self.stages = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(channels[i], channels[i + 1], kernel_size=3, stride=2, padding=1),
                nn.BatchNorm2d(channels[i + 1]),
                nn.SiLU(),
            )
            for i in range(len(widths))
        )

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        """Map ``[N, 3, H, W]`` to the output of each stage, named ``stage1`` and so on."""
        features = {}
        x = image
        for number, stage in enumerate(self.stages, start=1):
            x = features[f"stage{number}"] = stage(x)
        return features


class Pyramid(nn.Module):
    """A feature pyramid (Lin et al., 2017): every level gets what the coarser levels know."""

    def __init__(self, widths: tuple[int, ...], channels: int) -> None:
        super().__init__()
        self.lateral = nn.ModuleList(nn.Conv2d(width, channels, kernel_size=1) for width in widths)

    def forward(self, features: dict[str, Tensor]) -> list[Tensor]:
        """Map the backbone's features to levels of ``channels`` each, from fine to coarse."""
        levels = [lateral(x) for lateral, x in zip(self.lateral, features.values(), strict=True)]
        merged = [levels.pop()]
        while levels:
            coarser = nn.functional.interpolate(merged[0], scale_factor=2.0)
            merged.insert(0, levels.pop() + coarser)
        return merged


class Head(nn.Module):
    """A convolution that all levels share."""

    def __init__(self, channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, out_channels, kernel_size=3, padding=1)

    def forward(self, levels: list[Tensor]) -> Tensor:
        """Map the levels to one row of ``out_channels`` for each of their points: ``[N, points, out]``."""
        return torch.cat([self.conv(level).flatten(2).mT for level in levels], dim=1)


class Detector(nn.Module):
    """Boxes and labels for every point of a feature pyramid.

    Args:
        classes: Classes to tell apart.
        widths: Channels of the backbone's stages.
        channels: Channels of each level of the pyramid.
    """

    def __init__(
        self, classes: int = 20, widths: tuple[int, ...] = (32, 64, 128), channels: int = 64
    ) -> None:
        super().__init__()
        self.backbone = Backbone(widths)
        self.pyramid = Pyramid(widths, channels)
        self.box_head = Head(channels, 4)
        self.label_head = Head(channels, classes)

    # --8<-- [start:forward] (the Markdown pages show what is between the marks)
    def forward(self, image: Tensor) -> Detections:
        """Map ``[N, 3, H, W]`` to the features and predictions of all levels."""
        levels = self.pyramid(self.backbone(image))
        return {
            "features": levels,
            "heads": {"boxes": self.box_head(levels), "labels": self.label_head(levels)},
        }

    # --8<-- [end:forward]
