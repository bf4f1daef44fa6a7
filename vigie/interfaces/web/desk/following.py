"""What the pages of the follow-up share: coming back to a page, names of what a conflict is to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vigie.domain.days import EXAMPLES, read_day
from vigie.errors import EditConflict, FieldFault
from vigie.interfaces.web.asker import asker
from vigie.services.followup.contacts import read_contact

YES = "oui"


def back_to(path: str, done: str = "", anchor: str = "") -> Response:
    """Lead back to a page after a form, which then says what was done."""
    said = f"?{urlencode({'fait': done})}" if done else ""
    return RedirectResponse(f"{path}{said}{f'#{anchor}' if anchor else ''}", 303)


def day(typed: Mapping[str, str], name: str) -> date | None:
    """Return a day typed in a field, `None` when it is empty; raises `FieldFault` when it is not one."""
    text = typed.get(name, "")
    if not text:
        return None
    if (found := read_day(text)) is None:
        raise FieldFault(name, f"Cette date n’existe pas ou ne se lit pas : écrivez {EXAMPLES}.")
    return found


def names_of_choices(request: Request, conflict: EditConflict) -> dict[str, str]:
    """Return the names of the people and contacts between whom a conflict is to choose."""
    desk, scope = request.app.state.desk, asker(request).scope
    names: dict[str, str] = {}
    for clash in conflict.clashes:
        if clash.field == "owner_id":
            names |= {member.id: member.name for member in desk.followup.dossiers.owners(scope)}
        elif clash.field == "contact_id":
            chosen = [one for one in (clash.theirs, clash.mine) if one]
            names |= {one: desk.acts.tell(scope, read_contact, one).name or "" for one in chosen}
    return names
