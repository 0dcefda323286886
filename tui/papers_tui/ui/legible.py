"""Keeping text readable whatever a theme makes of it."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.style import Style

LEAST_CONTRAST = 4.5
"""Between text and what is behind it (WCAG 2.2, success criterion 1.4.3)."""


@lru_cache(maxsize=512)
def legible(style: Style) -> Style:
    """The style, its text made lighter or darker where it stands out too little from its background.

    Colours that are the terminal's own to choose are left as they are.
    """
    if not (style.color and style.bgcolor and style.color.triplet and style.bgcolor.triplet):
        return style
    text, behind = style.color.triplet, style.bgcolor.triplet
    if contrast(text, behind) >= LEAST_CONTRAST:
        return style
    ends = (ColorTriplet(255, 255, 255), ColorTriplet(0, 0, 0))
    end = max(ends, key=lambda extreme: contrast(extreme, behind))
    steps = (_mixed(text, end, step / 10) for step in range(1, 11))
    readable = next((color for color in steps if contrast(color, behind) >= LEAST_CONTRAST), end)
    return style + Style(color=Color.from_triplet(readable))


def contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    """The contrast ratio of two colours, from 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: ColorTriplet) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(color: ColorTriplet, other: ColorTriplet, share: float) -> ColorTriplet:
    red, green, blue = (
        round(mine + (theirs - mine) * share) for mine, theirs in zip(color, other, strict=True)
    )
    return ColorTriplet(red, green, blue)
