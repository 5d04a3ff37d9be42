"""torchvision's models, for tests that look at all of them: some of each kind, or all with ``-m zoo``."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from torchvision import models

from nnviz_docs.request.arguments import parse_arguments
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.request import ModelPath, TraceRequest

_CLIP = (1, 3, 4, 32, 32)
_SHAPES: dict[str, tuple[int, ...]] = {
    "inception_v3": (1, 3, 299, 299),
    "quantized_inception_v3": (1, 3, 299, 299),
    "mvit": (1, 3, 16, 224, 224),
    "swin3d": (1, 3, 16, 112, 112),
    "s3d": (1, 3, 16, 224, 224),
    "mc3_18": _CLIP,
    "r3d_18": _CLIP,
    "r2plus1d_18": _CLIP,
    "raft": (1, 3, 128, 128),
}
"""Shapes of the input by the beginning of a model's name, where it is not one image of the usual size."""
DETECTORS = tuple(models.list_models(module=models.detection))


def chosen(usual: Iterable[str], *, among: Iterable[str] | None = None) -> list[object]:
    """Return the parameters of a test: the usual models, and the others, which only ``-m zoo`` selects."""
    usual = list(usual)
    others = [name for name in among or models.list_models() if name not in usual]
    return [*usual, *(pytest.param(name, marks=pytest.mark.zoo) for name in others)]


def shape_of(name: str) -> tuple[int, ...]:
    """Return the shape of a model's input: of each, where it takes two (RAFT) or a list (detectors)."""
    shape = next((shape for start, shape in _SHAPES.items() if name.startswith(start)), (1, 3, 224, 224))
    return shape[1:] if name in DETECTORS else shape


def has_backbone(name: str) -> bool:
    """Tell whether a model has a backbone, which would be downloaded unless it is asked to be without."""
    return name in {*DETECTORS, *models.list_models(module=models.segmentation)}


def request_of(name: str, *, with_input: bool = True) -> TraceRequest:
    """Return the request for a model of torchvision, without a download, with an input or without."""
    text = "x".join(map(str, shape_of(name)))
    if name in DETECTORS:
        text = f"[rand({text.replace('x', ', ')})]"
    elif name.startswith("raft"):
        text = f"image1:tensor{text};image2:tensor{text}"
    else:
        text = f"tensor{text}"
    arguments = "weights=None, weights_backbone=None" if has_backbone(name) else "weights=None"
    return TraceRequest(
        model=ModelPath(kind="torchvision", place="", attributes=(name,)),
        arguments=parse_arguments(arguments),
        inputs=parse_inputs(text) if with_input else None,
    )
