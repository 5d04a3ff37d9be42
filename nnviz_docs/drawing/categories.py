"""Which kind of thing a box stands for, and so which colour it has."""

from __future__ import annotations

from nnviz_docs.drawing.scene import Category
from nnviz_docs.graph.model import Node, NodeKind, Scope, ScopeKind

KEYWORDS: tuple[tuple[Category, tuple[str, ...]], ...] = (
    (Category.DROPOUT, ("dropout", "droppath", "drop_path", "stochasticdepth", "stochastic_depth")),
    (Category.ATTENTION, ("attention",)),
    (Category.EMBEDDING, ("embedding",)),
    (Category.NORMALISATION, ("norm",)),
    (Category.POOLING, ("pool",)),
    (Category.CONVOLUTION, ("conv",)),
    (Category.RECURRENT, ("rnn", "lstm", "gru")),
    (Category.LINEAR, ("linear",)),
    (
        Category.ACTIVATION,
        ("relu", "gelu", "silu", "elu", "glu", "mish", "hardswish", "sigmoid", "tanh", "softmax", "softplus"),
    ),
)
"""What the name of a class or function contains, looked for from the top."""

_BY_KIND = {
    NodeKind.INPUT: Category.INPUT,
    NodeKind.OUTPUT: Category.OUTPUT,
    NodeKind.CONSTANT: Category.CONSTANT,
}
_OTHERWISE = {NodeKind.MODULE: Category.MODULE, NodeKind.FUNCTION: Category.FUNCTION}


def category(content: Node | Scope) -> Category:
    """Return the category of a node, or of a scope drawn as one box."""
    if isinstance(content, Scope):
        return Category.CONTAINER if content.kind is ScopeKind.MODULE else Category.FUNCTION
    if content.kind in _BY_KIND:
        return _BY_KIND[content.kind]
    name = content.type_name.lower()
    found = (kind for kind, words in KEYWORDS if any(word in name for word in words))
    return next(found, _OTHERWISE[content.kind])
