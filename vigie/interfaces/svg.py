"""The few SVG shapes charts and maps are made of; colours are classes of the style sheet, nothing is styled inline."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from markupsafe import Markup

from vigie.domain.signs import isolated

NONE = Markup("")


def text(x: float | str, y: float, words: str, kind: str = "", anchor: str = "start", shift: int = 0) -> Markup:
    """A line of text; a number places it in percent of the width, and `shift` moves it by pixels."""
    moved = Markup(' dx="{}"').format(shift) if shift else NONE
    place = x if isinstance(x, str) else f"{x:.2f}%"
    return Markup('<text x="{}" y="{:.1f}"{} class="{}" text-anchor="{}">{}</text>').format(
        place, y, moved, kind, anchor, isolated(words)
    )


def bar(x: float, y: float, size: tuple[float, float], kind: str, pattern: str = "") -> Markup:
    """A rectangle, `x` and width in percent, `y` and height in pixels, filled by its class or by a pattern."""
    fill = Markup(' fill="url(#{})"').format(pattern) if pattern else NONE
    return Markup('<rect class="{}" x="{:.2f}%" y="{:.1f}" width="{:.2f}%" height="{:.1f}"{}/>').format(
        kind, x, y, size[0], size[1], fill
    )


def line(start: tuple[float, float], end: tuple[float, float], kind: str) -> Markup:
    """A line between two places (percent across, pixels down)."""
    return Markup('<line class="{}" x1="{:.2f}%" y1="{:.1f}" x2="{:.2f}%" y2="{:.1f}"/>').format(kind, *start, *end)


def path(steps: str, height: float, kind: str) -> Markup:
    """One path for a whole series, in thousandths of the width and in pixels down."""
    return paths({kind: steps}, height)


def paths(steps: Mapping[str, str], height: float) -> Markup:
    """One path for each kind of mark that has steps, the first below; nothing without any.

    They are drawn in one nested canvas that stretches across while strokes keep their width.
    """
    drawn = [Markup('<path class="{}" d="{}"/>').format(kind, way) for kind, way in steps.items() if way]
    if not drawn:
        return NONE
    return Markup(
        '<svg width="100%" height="{0:.0f}" viewBox="0 0 1000 {0:.0f}" preserveAspectRatio="none">{1}</svg>'
    ).format(height, joined(drawn))


def box(x: float, y: float, size: tuple[float, float]) -> str:
    """The steps of a rectangle in such a path, `x` and width in percent."""
    return f"M{x * 10:.1f} {y:.1f}h{size[0] * 10:.1f}v{size[1]:.1f}h{-size[0] * 10:.1f}z"


def dot(x: float, y: float, radius: float, kind: str) -> Markup:
    """A dot, `x` in percent, `y` and radius in pixels."""
    return Markup('<circle class="{}" cx="{:.2f}%" cy="{:.1f}" r="{}"/>').format(kind, x, y, radius)


def pinned(x: float, y: float, body: Markup) -> Markup:
    """A drawing in pixels around a place, `x` in percent of the width."""
    return Markup('<svg class="pinned" x="{:.2f}%" y="{:.1f}">{}</svg>').format(x, y, body)


def badge(x: float, radius: int, letter: str) -> Markup:
    """A letter in a disc, `x` pixels from where it is pinned; its class is that of the letter."""
    return Markup(
        '<g class="badge {2}"><circle cx="{0:.0f}" r="{1}"/><text x="{0:.0f}" y="5" text-anchor="middle">{3}</text></g>'
    ).format(x, radius, letter.lower(), letter)


def linked(href: str, body: Markup, name: str = "") -> Markup:
    """A drawing that leads somewhere, named by its own words or by `name`; without an address, the drawing itself."""
    if not href:
        return body
    named = Markup(' aria-label="{}"').format(isolated(name)) if name else NONE
    return Markup('<a href="{}"{}>{}</a>').format(href, named, body)


def joined(parts: list[Markup]) -> Markup:
    """Drawings one over another, the first below."""
    return NONE.join(parts)


def identifier(*words: str) -> str:
    """An identifier stable for the same drawing, and different between the drawings of one page."""
    return "g" + sha256("|".join(words).encode()).hexdigest()[:8]


def hatching(name: str, scale: float = 1.0) -> Markup:
    """The pattern that says « not known », to be referred to by its name from drawings that are scaled by `scale`."""
    size = Markup("scale({:.6g}) ").format(1 / scale) if scale != 1 else NONE
    return Markup(
        '<defs><pattern id="{}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="{}rotate(45)">'
        '<rect class="hatch-ground" width="6" height="6"/><line class="hatch" y2="6"/></pattern></defs>'
    ).format(name, size)


def moved(transform: str, body: Markup) -> Markup:
    """A drawing moved and scaled; its strokes keep their width by the style sheet."""
    return Markup('<g transform="{}">{}</g>').format(transform, body)


def canvas(kind: str, box: Markup, says: tuple[str, str], body: Markup) -> Markup:
    """The whole drawing: `box` its size attributes, `says` its title and its description."""
    key = identifier(*says)
    return Markup(
        '<svg class="{0}" role="group" aria-labelledby="{1}t {1}d" {2} xmlns="http://www.w3.org/2000/svg">'
        '<title id="{1}t">{3}</title><desc id="{1}d">{4}</desc>{5}</svg>'
    ).format(kind, key, box, *says, body)
