"""torchvision's models, for tests that look at all of them: some of each kind, or all with ``-m zoo``."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from torchvision import models

from nnviz_docs.request.arguments import parse_arguments
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.request import ModelPath, TraceRequest

_SAMPLES = {
    "inception_v3": "image299",
    "quantized_inception_v3": "image299",
    "mvit": "tensor1x3x16x224x224",
    "swin3d": "tensor1x3x16x112x112",
    "s3d": "tensor1x3x16x224x224",
    "mc3_18": "tensor1x3x4x32x32",
    "r3d_18": "tensor1x3x4x32x32",
    "r2plus1d_18": "tensor1x3x4x32x32",
    "raft": "image1:tensor1x3x128x128;image2:tensor1x3x128x128",
}
"""Inputs by the beginning of a model's name, where it is not an image or, for a detector, a list of one."""
DETECTORS = tuple(models.list_models(module=models.detection))


def chosen(usual: Iterable[str], *, among: Iterable[str] | None = None) -> list[object]:
    """Return the parameters of a test: the usual models, and the others, which only ``-m zoo`` selects."""
    usual = list(usual)
    others = [name for name in among or models.list_models() if name not in usual]
    return [*usual, *(pytest.param(name, marks=pytest.mark.zoo) for name in others)]


def request_of(name: str, *, with_input: bool = True) -> TraceRequest:
    """Return the request for a model of torchvision, without a download, with an input or without."""
    text = next((text for start, text in _SAMPLES.items() if name.startswith(start)), "image224")
    inputs = parse_inputs("[rand(3, 224, 224)]" if name in DETECTORS else text)
    has_backbone = name in {*DETECTORS, *models.list_models(module=models.segmentation)}
    arguments = "weights=None, weights_backbone=None" if has_backbone else "weights=None"
    return TraceRequest(
        model=ModelPath(kind="torchvision", place="", attributes=(name,)),
        arguments=parse_arguments(arguments),
        inputs=inputs if with_input else None,
    )
