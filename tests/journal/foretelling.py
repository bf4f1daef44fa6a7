"""A closed workshop that tells scenarios: three people say that what is hoped goes together."""

from __future__ import annotations

from datetime import date

from tests.journal.cast import Cast
from vigie.domain.workshop import ItemKind
from vigie.services.acts import Nothing
from vigie.services.desk import Desk
from vigie.services.workshops.preparing import ADDED, PREPARED, ItemsEntry, WorkshopEntry
from vigie.services.workshops.running import CLOSED, OPENED, RoomEntry

DESCRIPTORS = (
    ("Les ateliers : ils rouvrent ; ils tombent", "employers"),
    ("Le train : il s’arrête ; il passe", ""),
)
HOPED = ("ils rouvrent", "il s’arrête")


def foretold(desk: Desk, cast: Cast, today: date) -> str:
    """Hold the workshop and close it."""
    acts, officer = desk.acts, cast.officer
    workshop = acts.run(officer, PREPARED, "", WorkshopEntry("Nos bourgs", "Que devenir ?", today, today)).told.line.id
    for text, indicator in DESCRIPTORS:
        acts.run(officer, ADDED, workshop, ItemsEntry(ItemKind.DESCRIPTOR, text, indicator))
    room = acts.run(officer, OPENED, workshop, RoomEntry(3))
    hoped = {item.id for item in room.told.items if item.text.endswith(HOPED)}
    for _ in range(3):
        secret = desk.workshops.filling.join(workshop, "", room.codes[0].code).secret
        while (asked := desk.workshops.filling.paper(workshop, secret, "fits").asked) is not None:
            _, line, column = asked.cell.split(":")
            mark = "2" if (line in hoped) == (column in hoped) else "-2"
            desk.workshops.filling.answer(workshop, secret, asked.cell, mark)
    acts.run(officer, CLOSED, workshop, Nothing())
    return workshop
