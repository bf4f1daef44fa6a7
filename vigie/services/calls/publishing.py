"""Calls: publishing, correcting, closing and withdrawing them; what is corrected is dated, and told to who answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import select

from vigie.domain import calls as words
from vigie.domain.access import ABSENT, Right, Role, Thing
from vigie.domain.declared import Hint, Label, Length, Missing, TextShape, Words
from vigie.domain.french import short_date
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.accounts.speaking import membership_for, vouch
from vigie.services.acts import Act, Doing, FormPage, Nothing, PreparedForm, Telling, needs, nothing
from vigie.services.calls.reading import corrections, is_own, received, tell_call, thing_of
from vigie.services.capabilities import Capability
from vigie.services.entries import written
from vigie.store import spelling
from vigie.store.journal.introductions import Call, CallAnswer, CallCorrection
from vigie.store.journal.people import Organisation, Person

if TYPE_CHECKING:
    from vigie.services.acts import LetterWriter
    from vigie.store.journal.port import Unit

_MASKED = (
    "Votre entreprise a demandé la diffusion partielle de ses informations : rien d’elle ne paraît publiquement. "
    "Choisissez le réseau."
)
_UNKNOWN = (
    "L’unité légale de votre entreprise n’est pas chargée : on ne sait pas si elle a demandé la diffusion partielle, "
    "et rien d’elle ne paraît publiquement. Choisissez le réseau."
)
LONGEST_TITLE, LONGEST_TEXT = 150, 4000
LONGEST_OPENING = timedelta(days=366)
"""A call is a need of this year; beyond it is prolonged, which its readers are told."""
_WRITES = needs(Thing.PUBLIC_CALLS, Right.WRITE, Right.WRITE_OWN)
"""Whoever publishes for the network publishes for everybody too; each act looks at the right on its own call."""

_Kind = Annotated[str, Label("Ce que vous publiez"), Words(words.KINDS), Missing("Choisissez ce que vous publiez.")]
_Title = Annotated[str, Label("Titre"), Length(LONGEST_TITLE), Missing("Il manque le titre de l’appel.")]
_Text = Annotated[
    str, Label("Texte"), Length(LONGEST_TEXT), TextShape("lines"), Missing("Il manque le texte de l’appel."),
    Hint("Ni prix, ni coûts, ni capacités de production ; ni nom de personne, ni coordonnées : on vous répond par "
         "Vigie."),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """Ce que dit un appel, et jusqu’à quel jour y répondre."""

    kind: _Kind
    title: _Title
    text: _Text
    closes_on: Annotated[
        date | None, Label("Dernier jour pour répondre"),
        Hint("Plus tard, l’appel est prolongé ; plus tôt, il se clôt plus tôt."),
    ] = None  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallDraft:
    """Un besoin, une offre ou un appel à co-innovation."""

    kind: _Kind
    title: _Title
    text: _Text
    visibility: Annotated[str, Label("Qui peut le lire"), Words(words.VISIBILITIES)] = words.PUBLIC
    public_buyer: Annotated[
        bool,
        Label("Un acheteur public prépare un achat (sourçage, article R2111-1 du code de la commande publique)"),
        Hint("La même information est donnée à tous, avec un journal public du nombre de réponses ; il reste lisible "
             "une fois clos."),
    ] = False  # fmt: skip
    closes_on: Annotated[date | None, Label("Dernier jour pour répondre")] = None

    @property
    def content(self) -> Content:
        """Return what may still be corrected once it is published."""
        return Content(self.kind, self.title, self.text, self.closes_on)


def _offered(telling: Telling, _: str) -> PreparedForm:
    """Offer the network, and a sourcing, to who may publish them."""
    network = telling.scope.may(Thing.NETWORK_CALLS, *_WRITES.rights)
    sources = telling.scope.may(Thing.PUBLIC_CALLS, Right.WRITE)
    left = [name for name, left_out in (("visibility", not network), ("public_buyer", not sources)) if left_out]
    return PreparedForm(left_out=tuple(left))


def _stands(telling: Telling, call: str) -> PreparedForm:
    told = tell_call(telling, call)
    if "correct" not in told.may:
        raise NotFound(ABSENT)
    kept = (
        "en sont avertis. L’ancien texte reste lisible par tous"
        if told.public_buyer
        else "en sont avertis si le fond change"
    )
    lead = f"Chaque correction est datée sur la page de l’appel, et ceux qui ont répondu {kept}."
    return PreparedForm(written(Content, told), lead=lead)


_HERE = "/appels/{call}"
PUBLISHED = Act(
    "call.published",
    "appel publié",
    needs=_WRITES,
    at="POST calls",
    form_at="appels/nouveau",
    summary="Publier un appel",
    note="Public, ou réservé aux membres du réseau.",
    done="L’appel est publié.",
    takes=CallDraft,
    makes=True,
    tells=tell_call,
    page=FormPage(
        title="Publier un appel",
        lead="Dites en mots simples ce que vous cherchez ou proposez ; n’importe qui doit pouvoir répondre.",
        button="Publier l’appel",
        back=lambda _, call: f"/appels/{call}" if call else "/bureau/appels",
        prepare=_offered,
        above={"Besoins et offres": "/bureau/appels"},
    ),
)
CORRECTED = Act(
    "call.corrected",
    "appel corrigé",
    needs=_WRITES,
    at="PUT calls/{call}",
    form_at="appels/{call}/corriger",
    summary="Corriger un appel",
    note="La correction est datée et dite à ceux qui ont répondu ; celui d’un sourçage reste lisible.",
    done="L’appel est à jour.",
    takes=Content,
    tells=tell_call,
    page=FormPage(
        title="Corriger l’appel",
        lead="",
        button="Corriger",
        back=_HERE,
        prepare=_stands,
        above={"Appels": "/appels", "L’appel": ""},
    ),
)
CLOSED = Act(
    "call.closed",
    "appel clos",
    needs=_WRITES,
    at="POST calls/{call}/closing",
    form_at="appels/{call}/clore",
    summary="Clore un appel",
    note="Il reste lisible et ne prend plus de réponses.",
    done="L’appel est clos : il ne prend plus de réponses.",
    takes=Nothing,
    tells=tell_call,
    page=FormPage("", "", "Clore l’appel", _HERE, within=True),
)
WITHDRAWN = Act(
    "call.withdrawn",
    "appel retiré",
    needs=_WRITES,
    at="DELETE calls/{call}",
    form_at="appels/{call}/retirer",
    summary="Retirer un appel",
    note="Impossible pour un sourçage, que l’on clôt seulement.",
    done="L’appel est retiré. Son texte et les réponses reçues seront effacés dans 30 jours.",
    takes=Nothing,
    tells=nothing,
    page=FormPage("", "", "Retirer l’appel", "/bureau/appels", within=True, danger=True),
)
CAPABILITY = Capability("Besoins et offres", acts=(PUBLISHED, CORRECTED, CLOSED, WITHDRAWN))


@PUBLISHED.does
def publish(doing: Doing, _: str, said: CallDraft) -> None:
    """Publish a call; raises `FieldFault` when something of it cannot be accepted."""
    unit, scope = doing.unit, doing.unit.scope
    scope.require(thing_of(said.visibility), *_WRITES.rights)
    if said.visibility == words.PUBLIC and scope.role is Role.HEAD:
        firm = doing.means.register.firm(scope.siren)
        if firm is not None and firm.masked:
            raise FieldFault("visibility", _MASKED if firm.unit_known else _UNKNOWN)
    content = checked(said.content, unit.today)
    if said.public_buyer:
        _require_public_buyer(unit, said)
    call = Call(
        id=doing.subject,
        kind=said.kind,
        title=content.title,
        text=content.text,
        siren=scope.siren if scope.role is Role.HEAD else "",
        author_id=scope.person,
        public_buyer=said.public_buyer,
        visibility=said.visibility,
        opens_on=unit.today,
        closes_on=said.closes_on,
        state=words.PUBLISHED,
    )
    vouch(call, membership_for(unit, call.siren))
    unit.add(call)


@CLOSED.does
def close(doing: Doing, call: str, _: Nothing) -> None:
    """Close a call: it stays readable and takes no more answers."""
    row = _changeable(doing.unit, call)
    if row.state != words.PUBLISHED:
        raise Conflict(f"Cet appel est déjà {words.STATES[row.state]}.")
    row.state = words.CLOSED


@WITHDRAWN.does
def withdraw(doing: Doing, call: str, _: Nothing) -> None:
    """Take a call off; a sourcing stays, closed, so that everybody can read what was asked."""
    row = _changeable(doing.unit, call)
    if row.public_buyer:
        raise Conflict("Une préparation d’achat reste lisible par tous : vous pouvez seulement le clore.")
    doing.unit.withdraw(row)


@CORRECTED.does
def correct(doing: Doing, call: str, said: Content) -> None:
    """Change what a call says; the same content again changes nothing.

    Raises `FieldFault` when something of it cannot be accepted, `Conflict` when the call is closed or moderated.
    """
    unit = doing.unit
    unit.one(select(Call.id).where(Call.id == call).with_for_update())
    row = _changeable(unit, call)
    if row.state != words.PUBLISHED:
        raise Conflict(f"Cet appel est {words.STATES[row.state]} : il ne se corrige plus.")
    given = checked(said, unit.today, row.closes_on)
    if row.public_buyer and given.closes_on is None:
        raise FieldFault("closes_on", "Une préparation d’achat dit jusqu’à quel jour répondre.")
    merged = unit.merge(row, {name: getattr(given, name) for name in words.CORRECTED})
    if merged:
        given = replace(given, **{name: merged.get(name, getattr(row, name)) for name in words.CORRECTED})
        _write_correction(doing, row, given, list(merged))


def tell_late(outbox: LetterWriter, unit: Unit, call: Call, answer: CallAnswer) -> None:
    """Tell somebody whose answer was only now confirmed what changed since they wrote it."""
    since = [row for row in corrections(unit, call.id) if row.substantial and row.created_at >= answer.created_at]
    changed = {name for row in since for name in row.changed.split()}
    if changed and answer.email:
        _write(outbox, unit, answer.email, call, changed, _ANSWERED)


def _write_correction(doing: Doing, call: Call, given: Content, changed: Collection[str]) -> None:
    """Keep what a call said, change it, and write to those who should know."""
    unit = doing.unit
    substantial = call.public_buyer or _substantial(call, given)
    unit.add(
        CallCorrection(
            call_id=call.id,
            person_id=unit.scope.person,
            changed=" ".join(changed),
            substantial=substantial,
            kind=call.kind,
            closes_on=call.closes_on,
            title=call.title if call.public_buyer else None,
            text=call.text if call.public_buyer else None,
            visibility=call.visibility,
        )
    )
    for name in changed:
        setattr(call, name, getattr(given, name))
    unit.flush()
    _tell_corrected(doing.means.outbox, unit, call, changed, substantial=substantial)


def _tell_corrected(
    outbox: LetterWriter, unit: Unit, call: Call, changed: Collection[str], *, substantial: bool
) -> None:
    """Write to those who answered when the substance changed, and to the author when somebody else corrected."""
    if substantial:
        addresses = {answer.email for answer in unit.all(received([call.id])) if answer.email}
        for address in sorted(addresses):
            _write(outbox, unit, address, call, changed, _ANSWERED)
    author = unit.find(Person, call.author_id) if call.author_id != unit.scope.person else None
    if author is not None and author.email:
        _write(outbox, unit, author.email, call, changed, _AUTHOR)


def _write(
    outbox: LetterWriter, unit: Unit, address: str, call: Call, changed: Collection[str], sentences: str
) -> None:
    organisation = unit.get(Organisation, call.organisation_id)
    what = ", ".join(words.CORRECTED[name] for name in words.CORRECTED if name in changed)
    if "closes_on" in changed and call.closes_on:
        what += f" (désormais le {short_date(call.closes_on)})"
    outbox.post(
        unit,
        recipient=address,
        subject=f"L’appel «\u00a0{call.title}\u00a0» a été corrigé",
        body=sentences.format(
            title=call.title, organisation=organisation.name, what=what, link=outbox.link(f"/appels/{call.id}")
        ),
        about=call.id,
    )


_ANSWERED = (
    "Bonjour,\n\nVous avez répondu à l’appel «\u00a0{title}\u00a0», porté par {organisation}. Il a été corrigé "
    "depuis\u00a0: {what}. Relisez-le ici\u00a0:\n{link}\n\nVotre réponse reste transmise telle quelle. Si la "
    "correction la change, répondez de nouveau sur la même page.\n"
)
_AUTHOR = (
    "Bonjour,\n\n{organisation} a corrigé votre appel «\u00a0{title}\u00a0»\u00a0: {what}. Relisez-le "
    "ici\u00a0:\n{link}\n"
)


def _substantial(call: Call, given: Content) -> bool:
    """Tell whether more than capitals, accents, spaces and punctuation changed."""
    if (call.kind, call.closes_on) != (given.kind, given.closes_on):
        return True
    pairs = ((call.title or "", given.title), (call.text or "", given.text))
    return any(spelling.words(before) != spelling.words(after) for before, after in pairs)


def _changeable(unit: Unit, identifier: str) -> Call:
    """Return a call that the asker may change: theirs, their firm's, or any of the organisation for its officers."""
    call = unit.get(Call, identifier)
    thing, scope = thing_of(call.visibility), unit.scope
    rights = scope.require(thing, Right.WRITE, Right.WRITE_OWN)
    inside = call.organisation_id == scope.organisation
    if not inside or (Right.WRITE not in rights and not is_own(scope, call)):
        raise NotFound(ABSENT)
    return call


def checked(content: Content, today: date, kept: date | None = None) -> Content:
    """Return a content put right; raises `FieldFault`. `kept` is a last day that may stay although it is past."""
    title, text = " ".join(content.title.split()), content.text
    until = content.closes_on
    if until is not None and until != kept and not today <= until <= today + LONGEST_OPENING:
        raise FieldFault("closes_on", "Le dernier jour pour répondre se choisit entre aujourd’hui et dans un an.")
    return Content(content.kind, title, text, until)


def _require_public_buyer(unit: Unit, draft: CallDraft) -> None:
    if not unit.scope.may(Thing.PUBLIC_CALLS, Right.WRITE):
        raise FieldFault("public_buyer", "Seuls les agents d’un acheteur public préparent ainsi un achat.")
    if unit.get(Organisation, unit.scope.organisation).kind != "collectivite":
        raise FieldFault("public_buyer", "Seule une collectivité prépare ainsi un achat public.")
    if draft.visibility != words.PUBLIC or draft.closes_on is None:
        said = "La même information est donnée à tous : cet appel est public, et dit jusqu’à quel jour répondre."
        raise FieldFault("closes_on", said)
