"""What the pages of the follow-up share: reading forms, coming back to a dossier, the directory when there is one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vigie.domain.days import EXAMPLES, read_day
from vigie.errors import EditConflict, FieldFault
from vigie.interfaces.web.asker import asker
from vigie.services.followup.communes import commune_notice, typed_commune
from vigie.services.followup.entries import ContactEntry, DossierEntry, ExchangeEntry

YES = "oui"


def back_to(path: str, done: str = "", anchor: str = "", commune: str = "") -> Response:
    """Lead back to a page after a form, which then says what was done, and how a commune was read if need be."""
    told = {"fait": done} | ({"commune": commune} if commune_notice(commune) else {})
    said = f"?{urlencode(told)}" if done else ""
    return RedirectResponse(f"{path}{said}{f'#{anchor}' if anchor else ''}", 303)


def day(typed: Mapping[str, str], name: str) -> date | None:
    """Return a day typed in a field, `None` when it is empty; raises `FieldFault` when it is not one."""
    text = typed.get(name, "")
    if not text:
        return None
    if (found := read_day(text)) is None:
        raise FieldFault(name, f"Cette date n’existe pas ou ne se lit pas : écrivez {EXAMPLES}.")
    return found


def dossier_entry(typed: Mapping[str, str]) -> DossierEntry:
    """Return a dossier as typed; raises `FieldFault` when a commune may be read in two ways."""
    names = ("kind", "title", "summary", "siren", "siret", "commune", "source", "owner")
    return DossierEntry(
        **{name: typed.get(name, "") for name in names} | {"commune": typed_commune(typed.get("commune", ""))},
        prospecting=typed.get("prospecting") == YES,
    )


def contact_entry(typed: Mapping[str, str]) -> ContactEntry:
    """Return a contact as typed; raises `FieldFault` when the day is not one."""
    return ContactEntry(
        name=typed.get("name", ""),
        function=typed.get("function", ""),
        email=typed.get("email", ""),
        phone=typed.get("phone", ""),
        source=typed.get("source", ""),
        informed_on=day(typed, "informed_on"),
    )


def exchange_entry(typed: Mapping[str, str]) -> ExchangeEntry:
    """Return an exchange as typed; raises `FieldFault` when the day is not one."""
    return ExchangeEntry(
        kind=typed.get("kind", ""),
        body=typed.get("body", ""),
        happened_on=day(typed, "happened_on"),
        direction=typed.get("direction", ""),
        contact=typed.get("contact", ""),
        waiting={YES: True, "non": False}.get(typed.get("waiting", "")),
    )


def names_of_choices(request: Request, conflict: EditConflict) -> dict[str, str]:
    """Return the names of the people and contacts between whom a conflict is to choose."""
    desk, scope = request.app.state.desk, asker(request).scope
    names: dict[str, str] = {}
    for clash in conflict.clashes:
        if clash.field == "owner_id":
            names |= {member.id: member.name for member in desk.followup.dossiers.owners(scope)}
        elif clash.field == "contact_id":
            chosen = [one for one in (clash.theirs, clash.mine) if one]
            names |= {one: desk.followup.contacts.read(scope, one).name or "" for one in chosen}
    return names
