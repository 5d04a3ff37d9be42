"""Constructor arguments as a page writes them: ``10, weights=None``, in the data language with objects."""

from __future__ import annotations

import ast
from typing import cast

from nnviz_docs.errors import ProblemKind
from nnviz_docs.request.data_language import DataReader
from nnviz_docs.request.expressions import parse_expression
from nnviz_docs.request.limits import Budget
from nnviz_docs.request.located import checked_source
from nnviz_docs.request.request import Arguments
from nnviz_docs.request.scanning import top_level_semicolons


def parse_arguments(text: str) -> Arguments:
    """Return the arguments that a model is built with.

    Raises:
        NnvizError: the text is not a list of arguments in the data language, or asks for too much.
    """
    source = checked_source(text, ProblemKind.OPTION, "args")
    if semicolons := top_level_semicolons(source):
        raise source.error(semicolons[0], "';' between arguments", hint="Separate arguments with commas.")
    expression = parse_expression(source, 0, len(text), opening="arguments(")
    call = cast(ast.Call, expression.body)  # The scan has seen that no bracket in the text closes the call.
    positional, named = DataReader(expression, Budget(), objects=True).call_arguments(call, 0)
    return Arguments(positional=positional, named=tuple(named.items()))
