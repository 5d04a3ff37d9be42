"""Nested data of every kind at once, between modules and out of the model, with keys of every kind."""

from collections import OrderedDict, namedtuple
from dataclasses import dataclass, field, fields

from torch import Tensor, nn

Pair = namedtuple("Pair", ["first", "rest"])


class NoName:
    def __repr__(self):
        raise RuntimeError


@dataclass
class Record:
    data: Tensor
    count: int = 3
    more: dict = field(default_factory=dict)


@dataclass(eq=False)
class Output(OrderedDict):
    """A dataclass that is a mapping of the fields that are set, as transformers' models return it."""

    last: Tensor
    hidden: tuple
    loss: Tensor | None = None

    def __post_init__(self):
        self |= {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}


class Part(nn.Module):
    def forward(self, record, *, pair):
        return Output(last=record.data + pair.rest[0][1], hidden=(record.more["deep"], None))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = Part()

    def forward(self, x):
        record = Record(x * 2, more={"deep": [x, {}]})
        out = self.part(record, pair=Pair(NoName(), [{1: x}]))
        return {("a", 1): out, None: [Pair(x, {2.5: record})], NoName(): "text", True: slice(1, 2)}
