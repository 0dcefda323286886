"""A stylesheet that finds out how a part of a pane looks when the part is first drawn.

Textual does that for each part of each pane whenever the pane's own style may have changed, three times for all of
them until the first frame, which shows few.
"""

from __future__ import annotations

from textual.css.styles import RenderStyles
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode


class FrugalStylesheet(Stylesheet):
    """Textual's own, but for the component classes."""

    def _process_component_classes(self, node: DOMNode) -> None:
        if names := node._get_component_classes():
            former = dict(node._component_styles)
            node._component_styles = styles = _PartStyles(self, node, names)
            if any(styles[name] != style for name, style in former.items() if name in names):
                node.refresh()


class _PartStyles(dict[str, RenderStyles]):
    """How the parts of a node look that have been asked for."""

    def __init__(self, stylesheet: Stylesheet, node: DOMNode, names: frozenset[str]) -> None:
        super().__init__()
        self._stylesheet = stylesheet
        self._node = node
        self._names = names

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __missing__(self, name: str) -> RenderStyles:
        if name not in self._names:
            raise KeyError(name)
        part = DOMNode(classes=name)
        part._attach(self._node)
        self._stylesheet.apply(part)
        self[name] = part.styles
        return part.styles
