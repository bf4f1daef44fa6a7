"""The form of a declared act, on a page of its own or within a page written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vigie.domain.declared import Field, fields_of
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.views import Link
from vigie.services.acts import PreparedForm
from vigie.services.capabilities import at_foot_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.services.acts import Act


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of a form: what it is called, how it is typed, what it offers."""

    name: str
    label: str
    hint: str
    kind: str
    required: bool
    longest: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ActForm:
    """`pieces/acts.html`: the form of an act, `open` when it was refused; without fields, it is a button."""

    title: str
    lead: str
    action: str
    button: str
    danger: bool
    fields: tuple[FieldView, ...]
    form: Form
    open: bool = False


@dataclass(frozen=True, slots=True)
class ActPage:
    """`desk/act.html`: the form of a declared act, and the acts beside it."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    act: ActForm
    beside: tuple[ActForm, ...]
    back: str
    done: str = ""


def act_form(
    act: Act[Any, Any], words: Mapping[str, str], prepared: PreparedForm | None = None, refusal: Form | None = None
) -> ActForm:
    """Return the form of an act on the row that the words of its address name."""
    page, known = act.page, prepared or PreparedForm()
    assert page is not None  # noqa: S101 - only acts with a page have a form
    asked = [
        one
        for one in fields_of(act.takes)
        if f"{{{one.name}}}" not in act.form_at and one.shape != "identifier" and one.name not in known.left_out
    ]
    return ActForm(
        title=known.title or page.title,
        lead=known.lead or page.lead,
        action=f"/bureau/{act.form_at.format(**words)}",
        button=page.button,
        danger=page.danger,
        fields=tuple(_field(one, known.choices.get(one.name)) for one in asked),
        form=refusal or Form(known.stands),
        open=refusal is not None,
    )


def act_page(
    act: Act[Any, Any], words: Mapping[str, str], prepared: PreparedForm, refusals: Mapping[str, Form], back: str
) -> ActPage:
    """Return the page of an act; `refusals` are the forms that were refused, by kind of act."""
    form = act_form(act, words, prepared, refusals.get(act.kind))
    above = act.page.above if act.page else {}
    over = tuple(Link(label, where or back.partition("#")[0]) for label, where in above.items())
    return ActPage(
        title=form.title,
        lead=form.lead,
        trail=(DESK, *over, Link(form.title)),
        act=form,
        beside=tuple(act_form(one, words, None, refusals.get(one.kind)) for one in at_foot_of(act)),
        back=back,
    )


def _field(one: Field, offered: Mapping[str, str] | None) -> FieldView:
    kinds = {"date": "date", "int": "number", "bool": "tick"}
    words = one.words if offered is None else offered
    kind = "choice" if words is not None else one.shape or kinds.get(one.type.__name__, "text")
    options = tuple(Option(value, label) for value, label in (words or {}).items())
    longest = str(one.length) if one.length else ""
    return FieldView(one.names[-1], one.label, one.hint, kind, one.required, longest, options)
