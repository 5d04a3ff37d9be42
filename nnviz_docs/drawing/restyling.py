"""The stylesheet of a site's own colours and font, which stands behind that of all figures."""

from __future__ import annotations

import re
from difflib import get_close_matches

from nnviz_docs.drawing.svg import stylesheet
from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.style import Style

_PROPERTY = re.compile(r"^\s*--nnviz-([a-z-]+): (.*);$", re.MULTILINE)


def style_properties() -> dict[str, str]:
    """Return the names that a style may set, with the values that the stylesheet gives them."""
    return dict(_PROPERTY.findall(stylesheet()))


def restyled(style: Style) -> str:
    """Return the rule that sets the properties of a style, empty for none.

    Raises:
        NnvizError: the stylesheet has no property of a name.
    """
    known = style_properties()
    for name, _ in style:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"Did you mean {close[0]}?" if close else f"There are {', '.join(known)}."
            raise NnvizError(ProblemKind.CONFIG, f"nnviz_style has no {name}.", hint=hint)
    lines = [f"  --nnviz-{name}: {_value(values)};" for name, values in style]
    return "\n".join([":root {", *lines, "}\n"]) if lines else ""


def _value(values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else f"light-dark({values[0]}, {values[1]})"
