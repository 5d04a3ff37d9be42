"""How much one page text may ask for, counted in Python integers before torch could be asked.

A figure needs shapes, not gigabytes; the limits keep a typing error, or a hostile page, from costing the
build machine its memory.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nnviz_docs.request.located import Source

MAX_NODES = 512
MAX_DEPTH = 16
MAX_TENSORS = 64
MAX_DIMENSIONS = 8
MAX_ELEMENTS = 2**27
MAX_TENSOR_BYTES = 2**30
INTEGER_BOUND = 2**63


@dataclass(slots=True)
class Budget:
    """What is left for the rest of a text."""

    nodes: int = MAX_NODES
    tensors: int = MAX_TENSORS
    tensor_bytes: int = MAX_TENSOR_BYTES

    def spend_node(self, source: Source, offset: int, depth: int) -> None:
        """Count one value or operation, ``depth`` levels deep; raise `NnvizError` past the limits."""
        self.nodes -= 1
        if self.nodes < 0:
            raise source.error(offset, f"more than {MAX_NODES} values", hint="Describe less data.")
        if depth > MAX_DEPTH:
            raise source.error(offset, f"nested more than {MAX_DEPTH} deep", hint="Nest less deeply.")

    def spend_tensor(self, source: Source, offset: int, shape: Sequence[int], item_bytes: int) -> None:
        """Count one tensor of ``shape``; raise `NnvizError` past the limits."""
        if len(shape) > MAX_DIMENSIONS:
            message = f"a tensor of {len(shape)} dimensions; at most {MAX_DIMENSIONS} are allowed"
            raise source.error(offset, message, hint="Give fewer sizes.")
        elements = math.prod(shape)
        if elements > MAX_ELEMENTS:
            message = f"a tensor of more than 2**27 ({MAX_ELEMENTS:,}) elements"
            raise source.error(offset, message, hint="Give smaller sizes; a figure needs only an example.")
        self.tensors -= 1
        if self.tensors < 0:
            raise source.error(offset, f"more than {MAX_TENSORS} tensors", hint="Describe less data.")
        self.tensor_bytes -= elements * item_bytes
        if self.tensor_bytes < 0:
            raise source.error(offset, "the tensors take more than 1 GiB in all", hint="Give smaller sizes.")
