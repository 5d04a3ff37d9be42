"""What keeps a reader from reading the figures of a page, found by a script in the page itself."""

from __future__ import annotations

from collections.abc import Mapping

FONTS: Mapping[str, str] = {
    "as measured": "",
    "where Helvetica's like is missing": '.nnviz-svg { font-family: "nnviz narrow", monospace }',
    "on a page with a text style of its own": (
        "* { letter-spacing: 2px; word-spacing: 6px }"
        "body { text-transform: uppercase; font: italic bold 20px serif }"
    ),
}
"""Styles of pages by what they do to text."""

_FIND = """() => {
  const slack = 0.6;
  const area = element => element.getBoundingClientRect();
  const apart = (a, b) => a.right <= b.left + slack || b.right <= a.left + slack
    || a.bottom <= b.top + slack || b.bottom <= a.top + slack;
  const within = (inner, outer) => inner.left >= outer.left - slack && inner.right <= outer.right + slack
    && inner.top >= outer.top - slack && inner.bottom <= outer.bottom + slack;
  const name = element => element.textContent.replace(/\\s+/g, ' ').slice(0, 60);
  return [...document.querySelectorAll('.nnviz-svg')].flatMap(svg => {
    const all = selector => [...svg.querySelectorAll(selector)].map(element => [element, area(element)]);
    const found = [], boxes = all('.nnviz-node rect'), labels = all('.nnviz-label'), texts = all('text');
    const whole = area(svg);
    for (const [element, place] of all('rect, text, path, polygon'))
      if (!within(place, whole)) found.push(`cut off: ${element.tagName} ${name(element)}`);
    for (const [text, place] of all('.nnviz-node text, .nnviz-scope text'))
      if (!within(place, area(text.parentElement.querySelector('rect')))) found.push(`wider: ${name(text)}`);
    for (const [label, place] of labels)
      for (const [box, other] of boxes)
        if (!apart(place, other)) found.push(`label over a box: ${name(label)}, ${name(box.parentElement)}`);
    texts.forEach(([text, place], at) => texts.slice(at + 1).forEach(([other, there]) => {
      if (!apart(place, there)) found.push(`text over text: ${name(text)}, ${name(other)}`);
    }));
    for (const [head, place] of all('.nnviz-edge polygon')) {
      const x = (place.left + place.right) / 2, y = (place.top + place.bottom) / 2;
      const middle = new DOMRect(x - 1, y - 1, 2, 2);
      if ([...boxes, ...labels].some(([, other]) => !apart(middle, other))) found.push('covered arrow head');
    }
    return found;
  });
}"""


def faults(page):
    """Return a line for each thing that is cut off, too wide, or drawn over another."""
    return page.evaluate(_FIND)
