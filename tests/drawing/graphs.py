"""Graphs written by hand, one per thing that a figure must cope with."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from nnviz_docs.graph.data import Data, Mapping, Sequence, Tensor
from nnviz_docs.graph.model import Edge, Graph, Mechanism, Node, NodeKind, Scope, ScopeKind


def tensor(*shape: int) -> Tensor:
    return Tensor(shape, "float32")


def scope(name: str, type_name: str = "Sequential", parent: str | None = "", **more: object) -> Scope:
    """Return a module scope whose id is its name; the root is named by an empty text."""
    return Scope(id=name, kind=ScopeKind.MODULE, name=name, type_name=type_name, parent=parent, **more)


def node(name: str, type_name: str, inside: str = "", **more: object) -> Node:
    """Return a module node whose id is its name."""
    values = {"id": name, "kind": NodeKind.MODULE, "name": name, "type_name": type_name, "scope": inside}
    return Node(**(values | more))


def source(name: str = "x", data: Data | None = None) -> Node:
    return node(name, "Input", kind=NodeKind.INPUT, output=data or tensor(1, 3))


def result(data: Data | None = None) -> Node:
    return node("output", "Output", kind=NodeKind.OUTPUT, output=data or tensor(1, 3))


def function(ident: str, name: str, inside: str = "", **more: object) -> Node:
    return node(name, name, inside, id=ident, kind=NodeKind.FUNCTION, **more)


def constant(name: str, inside: str = "") -> Node:
    return node(name, "Parameter", inside, kind=NodeKind.CONSTANT, output=tensor(4))


def flow(*ends: str, data: Data | None = None) -> list[Edge]:
    """Return the edges of a chain that carries one tensor along."""
    held = data or tensor(1, 3)
    return [Edge(source=a, target=b, data=held, target_path=("input",)) for a, b in pairwise(ends)]


def graph(scopes: Iterable[Scope], nodes: Iterable[Node], edges: Iterable[Edge], **more: object) -> Graph:
    values = {"model": "Net", "mechanism": Mechanism.META, "parameters": 1000}
    root = scope("", "Net", None)
    return Graph(scopes=(root, *scopes), nodes=tuple(nodes), edges=tuple(edges), **(values | more))


def resnet() -> Graph:
    """Return a small ResNet: a stem, two stages of two blocks with skip connections, a head."""
    stages = ("layer1", "layer2")
    blocks = [(stage, f"{stage}.{number}") for stage in stages for number in range(2)]
    scopes = [scope(stage, parameters=40_000) for stage in stages]
    scopes += [scope(block, "BasicBlock", stage, parameters=20_000) for stage, block in blocks]
    conv = node("conv1", "Conv2d", parameters=9408, summary="3, 64", full_name="torch.nn.Conv2d")
    nodes = [source(data=tensor(1, 3, 32, 32)), conv]
    edges = flow("x", "conv1", data=tensor(1, 3, 32, 32))
    for _, block in blocks:
        before = nodes[-1].id
        nodes += _block_nodes(block)
        for ends in ((before, *(node.id for node in nodes[-3:])), (before, nodes[-1].id)):
            edges += flow(*ends, data=tensor(1, 64, 16, 16))
    edges += flow(nodes[-1].id, "fc", data=tensor(1, 64)) + flow("fc", "output", data=tensor(1, 10))
    nodes += [node("fc", "Linear", parameters=640), result(tensor(1, 10))]
    return graph(scopes, nodes, edges, model="ResNet", parameters=90_048)


def weighed(flops: int | None = 1500) -> Graph:
    """Return three equal layers in a row that cost so much each, and one that costs nothing."""
    total = None if flops is None else 3 * flops
    cost = {"flops": flops, "memory": 1024, "parameters": 10, "output": tensor(1, 3)}
    names = [f"blocks.{number}" for number in range(3)]
    free = node("act", "ReLU", flops=0, memory=0, output=tensor(1, 3))
    return Graph(
        model="Net",
        mechanism=Mechanism.META,
        parameters=1000,
        scopes=(
            scope("", "Net", None, flops=total, memory=3072),
            scope("blocks", flops=total, memory=3072, parameters=30),
        ),
        nodes=(source(), *(node(name, "Linear", "blocks", **cost) for name in names), free, result()),
        edges=tuple(flow("x", *names, "act", "output")),
    )


def _block_nodes(block: str) -> list[Node]:
    out = tensor(1, 64, 16, 16)
    return [
        node(f"{block}.conv", "Conv2d", block, parameters=19_900, output=out),
        node(f"{block}.bn", "BatchNorm2d", block, parameters=100, output=out),
        function(f"{block}.add", "add", block, output=out),
    ]


def nested() -> Graph:
    """Return a model that hands a dict of pyramid levels and a list over, and returns a nested dict."""
    levels = {f"p{level}": tensor(1, 256, 2**level, 2**level) for level in range(2, 6)}
    out = Mapping("dict", (("boxes", tensor(100, 4)), ("masks", Sequence("list", (tensor(2), tensor(3))))))
    edges = flow("x", "fpn")
    edges += [
        Edge(
            source="fpn", target="head", data=data, source_path=(key,), target_path=("features", "feat", key)
        )
        for key, data in levels.items()
    ]
    edges.append(Edge(source="head", target="output", data=out))
    nodes = [
        source(),
        node("fpn", "FeaturePyramidNetwork"),
        node("head", "Head", parameters=600),
        result(out),
    ]
    return graph((), nodes, edges, model="Detector")


def dense(layers: int = 8) -> Graph:
    """Return layers that each read what all layers before them gave."""
    names = [f"denselayer{number}" for number in range(layers)]
    edges = [
        Edge(source=a, target=b, data=tensor(1, 32), target_path=("input", str(index)))
        for number, b in enumerate(names)
        for index, a in enumerate(("x", *names[:number]))
    ]
    edges += flow(names[-1], "output")
    return graph((), [source(), *(node(name, "DenseLayer") for name in names), result()], edges)


def many_rows(count: int = 20) -> Graph:
    """Return two boxes with many tensors between them."""
    edges = [
        Edge(
            source="x",
            target="output",
            data=tensor(index),
            source_path=(str(index),),
            target_path=(f"k{index}",),
        )
        for index in range(count)
    ]
    return graph((), [source(), result()], edges)


HOSTILE = (
    "<script>alert(1)</script>",
    "]]><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "a\x00b\x1bc\x7f\ufffe\ud800d",
    "\u202egnp.exe\u2066",
    "n" * 500,
    "javascript:alert(1)",
    "</title></svg><script>alert(2)</script>",
    "&lt;b&gt; &amp; 100%",
    'x" onmouseover="alert(3)',
    "\\N \\G \\E {rank=same}",
    "ﷺ𒐫👩‍👩‍👧漢字",
)


def hostile() -> Graph:
    """Return a graph with hostile text in every place that a figure reads."""
    scopes = [scope(f"s{i}", text, full_name=text) for i, text in enumerate(HOSTILE)]
    scopes = [Scope(id=s.id, kind=s.kind, name=s.type_name, type_name=s.type_name, parent="") for s in scopes]
    nodes = [source()]
    edges = []
    for index, text in enumerate(HOSTILE):
        names = {"full_name": text, "summary": text, "id": f"n{index}"}
        nodes.append(node(text, text, f"s{index}", parameters=7, **names))
        held = Mapping(text, ((text, Tensor((1,), text, text)), ("k", Tensor((2,), "int64"))))
        edges.append(Edge(source="x", target=f"n{index}", data=held, source_path=(text,)))
    edges += flow("n0", "output")
    return graph(scopes, [*nodes, result()], edges, model=HOSTILE[0])


def branches(count, *, loose=0, full_name="models.Branch"):
    """Return branches of a model side by side, of two layers that lie abreast each, and ``loose`` ones."""
    names = [f"branch{number}" for number in range(count)]
    layers = [(f"{name}.{side}", name) for name in names for side in ("left", "right")]
    layers += [(f"single{number}", "") for number in range(loose)]
    nodes = [source(), *(node(path, "LinearLayer", around) for path, around in layers), result()]
    edges = [edge for path, _ in layers for edge in flow("x", path, "output")]
    return graph([scope(name, "Branch", full_name=full_name) for name in names], nodes, edges)
