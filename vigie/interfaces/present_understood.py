"""What a search was understood to ask, as chips that are removed by a link, and where one that finds nothing leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.interfaces.views import Link, UnderstoodChip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vigie.services.know import SearchAnswer, UnderstoodPart

    Address = Callable[..., str]
    """Address of the same search with some parameters changed; empty ones leave."""

KINDS = {
    "place": "lieu",
    "trade": "activité",
    "name": "nom",
    "code": "code postal",
    "number": "numéro",
    "elsewhere": "lieu hors des données",
    "unknown": "ni nom, ni activité, ni lieu connu",
    "courtesy": "laissé de côté",
}


def chips(understood: Sequence[UnderstoodPart], address: Address) -> tuple[UnderstoodChip, ...]:
    """Return a chip for each part of the text; what says nothing is gathered in the last one."""
    told = [_chip(one, address) for one in understood if one.kind != "courtesy"]
    left = [one.typed for one in understood if one.kind == "courtesy"]
    if left:
        said = f"« {' », « '.join(left)} »"
        told.append(UnderstoodChip(KINDS["courtesy"], said, muted=True))
    return tuple(told)


def said(understood: Sequence[UnderstoodPart]) -> str:
    """Return the same in one sentence, for the command line; empty when nothing was typed."""
    parts = [f"{one.label} ({KINDS[one.kind]})" for one in understood]
    return french.typeset(f"Compris : {', '.join(parts)}.") if parts else ""


def nearest(answer: SearchAnswer, address: Address) -> tuple[Link, ...]:
    """Return where a search that finds nothing leads, with what is found there."""
    return tuple(
        Link(
            f"{one.label} ({french.number(one.total)})",
            address(q=one.text, naf=one.naf, **({"territoire": one.within} if one.within else {})),
        )
        for one in answer.nearest
    )


def portrait(understood: Sequence[UnderstoodPart]) -> Link | None:
    """Return the portrait of the place that a text names and nothing else."""
    places = [one for one in understood if one.kind == "place"]
    if len(places) != 1 or any(one.kind in ("trade", "name", "number") for one in understood):
        return None
    return Link(f"Lire le portrait : {places[0].label}", portrait_href(places[0].keys[0]))


def portrait_href(key: str) -> str:
    """Return the address of the portrait of a territory."""
    kind, _, code = key.partition(":")
    return f"/territoire/{kind}/{code}"


def _chip(one: UnderstoodPart, address: Address) -> UnderstoodChip:
    if one.kind == "elsewhere":
        portraits = tuple(Link(name, portrait_href(key)) for key, name in one.also[1:])
        return UnderstoodChip(
            KINDS[one.kind], one.label, address(q=one.without), portrait_href(one.also[0][0]), portraits, muted=True
        )
    also = [Link(name, address(q=one.without, territoire=key)) for key, name in one.also]
    if one.kind == "place" and not one.notice and one.typed.casefold() != one.label.casefold():
        also.append(Link(f"le nom « {one.typed} »", address(q=f'{one.without} "{one.typed}"'.strip())))
    label = one.label if one.kind not in ("unknown", "name") else f"« {one.typed.strip(chr(34))} »"
    return UnderstoodChip(
        KINDS[one.kind],
        label,
        remove=address(q=one.without),
        href=portrait_href(one.keys[0]) if one.kind == "place" else "",
        also=tuple(also),
        muted=one.kind == "unknown",
    )
