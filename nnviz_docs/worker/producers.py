"""Which node produced which tensor, known by the tensor's identity alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch.utils.weak import WeakIdKeyDictionary

from nnviz_docs.graph.data import KeyPath
from nnviz_docs.worker.describing import PlacedTensor, describe_tensor
from nnviz_docs.worker.drafts import EdgeDraft, NodeDraft


class Producer(NamedTuple):
    """A node, where in its output the tensor sits, and the tensor's version at that time."""

    node: NodeDraft
    path: KeyPath
    version: int


@dataclass(slots=True)
class Producers:
    """Table of the producers of all living tensors."""

    _table: WeakIdKeyDictionary = field(default_factory=WeakIdKeyDictionary)

    def get(self, tensor: torch.Tensor) -> Producer | None:
        """Return the tensor's producer, None for one that was never seen."""
        producer: Producer | None = self._table.get(tensor)
        return producer

    def assign(self, tensor: torch.Tensor, node: NodeDraft, path: KeyPath = ()) -> None:
        """Note that ``node`` produced the tensor."""
        self._table[tensor] = Producer(node, path, _version(tensor))

    def assign_changed(self, tensor: torch.Tensor, node: NodeDraft) -> bool:
        """Note that ``node`` wrote into the tensor, if its content changed since it was last assigned.

        The tensor that it is a view of has changed with it.
        """
        if not self.has_changed(tensor):
            return False
        self.assign(tensor, node)
        base = tensor._base
        if base is not None and self.get(base) is not None:
            self.assign(base, node)
        return True

    def has_changed(self, tensor: torch.Tensor) -> bool:
        """Tell whether the tensor's content changed since it was last assigned."""
        producer = self.get(tensor)
        return producer is not None and producer.version != _version(tensor)

    def edge(self, placed: PlacedTensor, target: NodeDraft) -> EdgeDraft:
        """Return the edge that carries an assigned tensor from its producer to ``target``."""
        source: Producer = self._table[placed.tensor]
        return EdgeDraft(
            source=source.node,
            target=target,
            data=describe_tensor(placed.tensor),
            source_path=source.path,
            target_path=placed.path,
        )


def _version(tensor: torch.Tensor) -> int:
    try:
        return int(tensor._version)
    except RuntimeError:  # tensors made under inference_mode keep no count
        return 0
