"""Which node produced which tensor, known by the tensor's identity alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import torch
from torch._C import _functorch as functorch
from torch.utils.weak import WeakIdKeyDictionary

from nnviz_docs.graph.data import KeyPath
from nnviz_docs.worker.describing import PlacedTensor, tensor_version
from nnviz_docs.worker.drafts import EdgeDraft, NodeDraft


class Producer(NamedTuple):
    """A node, where in its output the tensor sits, and the tensor's version at that time."""

    node: NodeDraft
    path: KeyPath
    version: int


class Producers:
    """Table of the producers of all living tensors."""

    def __init__(self) -> None:
        self._table = WeakIdKeyDictionary()
        self._writers = WeakIdKeyDictionary()

    def get(self, tensor: torch.Tensor) -> Producer | None:
        """Return the tensor's producer, None for one that was never seen.

        For a view it is whoever wrote to the whole tensor behind it, if that came later.
        """
        known = self._known(tensor)
        if known is None or known.version == tensor_version(tensor):
            return known
        writer: Producer | None = self._writers.get(_whole(tensor))
        return writer if writer is not None and writer.version > known.version else known

    def assign(self, tensor: torch.Tensor, node: NodeDraft, path: KeyPath = ()) -> None:
        """Note that ``node`` produced the tensor."""
        for layer in _layers(tensor):
            self._table[layer] = Producer(node, path, tensor_version(layer))

    def assign_all(self, node: NodeDraft, tensors: Iterable[PlacedTensor]) -> None:
        """Note that ``node`` produced the tensors, each in its place."""
        for placed in tensors:
            self.assign(placed.tensor, node, placed.path)

    def assign_written(self, tensor: torch.Tensor, node: NodeDraft) -> None:
        """Note that ``node`` wrote into the tensor: into all views of it, or, through one, into the whole."""
        whole = _whole(tensor)
        self.assign(tensor, node)
        if whole is tensor:
            self._writers[tensor] = self._table[tensor]
        elif self._known(whole) is not None:
            self.assign(whole, node)

    def edge(self, placed: PlacedTensor, source: Producer, target: NodeDraft) -> EdgeDraft:
        """Return the edge that carries a tensor from its producer to ``target``."""
        return EdgeDraft(
            source=source.node,
            target=target,
            data=placed.data,
            source_path=source.path,
            target_path=placed.path,
        )

    def _known(self, tensor: torch.Tensor) -> Producer | None:
        found = (self._table.get(layer) for layer in _layers(tensor))
        return next((producer for producer in found if producer is not None), None)


def was_written(placed: PlacedTensor) -> bool:
    """Tell whether a tensor's memory was written to since it was described."""
    return placed.version != tensor_version(placed.tensor)


def _whole(tensor: torch.Tensor) -> torch.Tensor:
    """Return the tensor that this one is a view of, itself if it is none."""
    base = tensor._base
    return tensor if base is None else base


def _layers(tensor: torch.Tensor) -> Iterator[torch.Tensor]:
    """Yield a tensor, and those inside it that ``torch.vmap`` and its like have wrapped."""
    yield tensor
    while functorch.is_functorch_wrapped_tensor(tensor):
        tensor = functorch.get_unwrapped(tensor)
        yield tensor
