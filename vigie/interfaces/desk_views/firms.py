"""What the pages of firms are given: what they say of themselves, and their objections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.attestation import PROOFS, WAITING, Proof
from vigie.domain.capabilities import KIND_LABELS
from vigie.domain.declarations import CHOSEN, FIELDS, LONGEST, VISIBILITIES, DeclarationSubject, Visibility
from vigie.domain.firm_names import usual_case
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.desk_views.partners import MINE, partners_of
from vigie.interfaces.views import Chapter, Link, OwnWords, Saying
from vigie.services.connect.confirming import proposed
from vigie.services.firms.situation import progress, situation_of

if TYPE_CHECKING:
    from vigie.domain.capabilities import RecognisedTerm
    from vigie.services.accounts.speaking import Attested
    from vigie.services.firms.answers import DeclarationRead, Declarations
    from vigie.services.firms.objections import ObjectionState, Review

UNNAMED = "Entreprise sans nom public"
_AWAITING = "En attente d’attestation : lu dans l’organisation seulement"
DONE = {
    "attestation": "Votre demande d’attestation est partie : sa réponse se lira ici.",
}
_STANDINGS = {
    "unasked": "Rien n’est encore demandé : c’est à vous de le faire.",
    "waiting": "La demande est faite : vous n’avez rien d’autre à faire.",
    "refused": "L’hébergeur a refusé la demande : son adresse est dans les mentions légales.",
    "ended": "L’hébergeur a retiré son accord : son adresse est dans les mentions légales.",
}
_PROOFS = {"head": "demandée par le dirigeant, connecté", "email": "confirmée par courriel, sans compte"}


@dataclass(frozen=True, slots=True)
class Picked:
    """One choice among several, with what it means."""

    value: str
    label: str
    note: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SkillLine:
    """A capability read in the words of a firm, to be confirmed: its code, its label, its kind, what told it."""

    code: str
    label: str
    kind: str
    told: str


@dataclass(frozen=True, slots=True)
class FirmDesk:
    """`desk/firm.html`: what a firm says, for its head or an officer; `add` is the form of a new entry.

    `situation` leads to the closed questions on it, `matter` to its flows of matter, `partners` to who could work with
    it. `skills` are proposed from its words, to be confirmed. `places` are the firms and organisations between which a
    head may switch; `ask` is where their attestation is asked for, empty when it is already.
    """

    title: str
    lead: str
    trail: tuple[Link, ...]
    chapters: tuple[Chapter, ...]
    add: Form
    action: str
    fields: tuple[Picked, ...]
    visibilities: tuple[Picked, ...]
    public: Link
    objection: Link
    longest: int = LONGEST
    notice: str = ""
    done: str = ""
    places: tuple[Option, ...] = ()
    ask: str = ""
    matter: tuple[Link, ...] = ()
    skills: tuple[SkillLine, ...] = ()
    skills_action: str = ""
    skills_fault: str = ""
    partners: Link | None = None
    elsewhere: tuple[Link, ...] = ()
    situation: Link | None = None
    situation_told: str = ""


@dataclass(frozen=True, slots=True)
class EntryDesk:
    """`desk/declaration.html`: one entry to change or withdraw."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    form: Form
    action: str
    fields: tuple[Picked, ...]
    visibilities: tuple[Picked, ...]
    longest: int = LONGEST


@dataclass(frozen=True, slots=True)
class ObjectionPage:
    """`desk/objection.html`: one firm; `state` is head, withdraw, email, sent or objected."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    state: str
    action: str
    form: Form


@dataclass(frozen=True, slots=True)
class ObjectionStart:
    """`desk/objection_start.html`: the right to object, explained, and the number to give."""

    form: Form
    done: str = ""
    title: str = "S’opposer à figurer dans Vigie"
    lead: str = "Une entreprise peut demander à ne plus être montrée ici, sans dire pourquoi ; l’effet est immédiat."


@dataclass(frozen=True, slots=True)
class ObjectionLink:
    """`desk/objection_link.html`: the page that a letter leads to; only its button does something."""

    action: str
    form: Form
    title: str = "Confirmer l’opposition"
    lead: str = "Appuyez sur le bouton : l’entreprise ne sera plus montrée dans Vigie, dès maintenant."
    button: str = "Ne plus montrer l’entreprise"


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One objection to review."""

    title: str
    told: str
    reviewed: str
    confirm: str = ""
    reject: str = ""
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Reviews:
    """`desk/objections.html`: what the officer reviews."""

    lead: str
    lines: tuple[ReviewLine, ...]
    form: Form
    done: str = ""
    title: str = "Ne plus figurer"
    trail: tuple[Link, ...] = field(default=(DESK, Link("Ne plus figurer")))


def own(found: Declarations) -> OwnWords:
    """Return what a firm's public page shows of what it says; headings without entries are left out."""
    return OwnWords(
        chapters=tuple(chapter for chapter in _chapters(found.entries, "") if chapter.sayings),
        object_href=f"/opposition/{found.siren}",
        edit_href=f"/bureau/entreprise/{found.siren}" if found.may_write else "",
        hide_href=f"/bureau/entreprise/{found.siren}/masquer",
    )


def firm_desk(found: Declarations, form: Form, *, head: bool, done: str = "", standing: str = "") -> FirmDesk:
    """Return the page where a firm says what it wants; `standing` is where the attestation of its head stands."""
    name, here = usual_case(found.name) if found.name else UNNAMED, f"/bureau/entreprise/{found.siren}"
    count = french.counted(len(found.entries), "entrée")
    whose = "votre entreprise" if head else "cette entreprise"
    said = f"{count} {french.plural(len(found.entries), 'dit', 'disent')}" if found.entries else "Rien encore ne dit"
    title = "Mon entreprise" if head else name
    return FirmDesk(
        title=title,
        lead=f"{name} : {said if found.entries else said[:1].lower() + said[1:]} ce que fait {whose}. "
        "Chaque entrée a ses lecteurs, que vous choisissez ; tout se change et se retire à tout moment.",
        trail=(DESK, Link(title)),
        chapters=_chapters(found.entries, f"{here}/declarations"),
        add=form,
        action=f"{here}/declarations",
        fields=_fields(form.value("rubrique")),
        visibilities=_visibilities(form.value("lecteurs"), found),
        public=Link("Voir la page publique", f"/entreprise/{found.siren}"),
        objection=Link(
            "Figurer de nouveau" if found.objected and head else "Ne plus figurer dans Vigie",
            f"/opposition/{found.siren}",
        ),
        notice=_notice(found, head, standing),
        ask=f"{here}/attestation" if standing == "unasked" else "",
        done=done,
        matter=(
            Link("Dire un flux de matière", f"{here}/flux"),
            Link("Voir qui pourrait prendre ou donner", f"{here}/matiere"),
        ),
        skills=tuple(map(_skill, proposed(found.entries))),
        skills_action=f"{here}/savoir-faire",
        skills_fault=form.fault("savoirs"),
        partners=Link(
            "Voir qui pourrait travailler avec elle",
            MINE if head else partners_of(found.siren),
        ),
        situation=Link("Dire sa situation, question par question", f"{here}/situation"),
        situation_told=progress(situation_of(found.siren, found.entries)),
        elsewhere=(
            Link("Emporter sa fiche Open Know-Where", f"{here}/okw.json"),
            Link("Reprendre une fiche tenue ailleurs", f"{here}/okw"),
        ),
    )


def _skill(one: RecognisedTerm) -> SkillLine:
    return SkillLine(one.term.code, one.term.label, KIND_LABELS[one.term.kind], " ".join(one.words))


def entry_desk(found: Declarations, entry: DeclarationRead, form: Form) -> EntryDesk:
    """Return the page of one entry, as typed or as it stands."""
    here = f"/bureau/entreprise/{found.siren}"
    stands = {"rubrique": entry.field.value, "texte": entry.text, "lecteurs": entry.visibility.value}
    typed = {**stands, "version": entry.version, **form.typed}
    return EntryDesk(
        title="Modifier une entrée",
        lead=f"{_who(entry)}. Qui la modifie en devient l’auteur.",
        trail=(DESK, Link("L’entreprise", here), Link("Modifier une entrée")),
        form=Form(typed, form.faults),
        action=f"{here}/declarations/{entry.id}",
        fields=_fields(typed["rubrique"]),
        visibilities=_visibilities(typed["lecteurs"], found),
    )


def objection(standing: ObjectionState, form: Form, *, sent: bool) -> ObjectionPage:
    """Return the page where a firm objects, or takes its objection back."""
    called = f"« {standing.name} »" if standing.name else french.identifier(standing.siren)
    name = f"l’entreprise {called}"
    here = f"/opposition/{standing.siren}"
    if standing.may_withdraw:
        state, lead = "withdraw", f"Vous vous êtes opposé : {name} n’est montrée nulle part dans Vigie."
    elif standing.objected:
        state, lead = "objected", "Cette entreprise s’est opposée à figurer dans Vigie : rien n’en est montré."
    elif standing.may_object:
        state, lead = "head", f"Vous parlez pour {name} : un bouton suffit, et l’effet est immédiat."
    elif sent:
        state = "sent"
        lead = "Un courriel vient de partir : ouvrez le lien qu’il contient, puis appuyez sur le bouton de la page."
    else:
        state = "email"
        lead = f"Pour que {name} ne soit plus montrée, donnez une adresse : un courriel vous demandera de confirmer."
    return ObjectionPage(
        title="S’opposer à figurer dans Vigie",
        lead=lead,
        trail=(Link("Annuaire", "/annuaire"), Link("S’opposer")),
        state=state,
        action=here,
        form=form,
    )


def objection_link(action: str, *, lifting: bool) -> ObjectionLink:
    """Return the page that the letter of an objection leads to."""
    if not lifting:
        return ObjectionLink(action, Form())
    return ObjectionLink(
        action, Form(), "Lever l’opposition",
        "Appuyez sur le bouton : l’opposition faite avec votre adresse est levée, dès maintenant.",
        "Lever mon opposition",
    )  # fmt: skip


def reviews(found: Sequence[Review], done: str = "") -> Reviews:
    """Return the objections that an organisation reviews."""
    waiting = sum(review.reviewed_at is None for review in found)
    if not found:
        lead = "Aucune entreprise n’a demandé ici à ne plus figurer. Les demandes se liront sur cette page."
    elif waiting:
        count = french.counted(waiting, "demande")
        lead = f"{count} à relire. Toute demande agit déjà ; signalez ce qui est abusif."
    else:
        lead = "Toutes les demandes en vigueur ont été relues."
    return Reviews(lead=lead, lines=tuple(map(_review_line, found)), form=Form(), done=done)


def _review_line(review: Review) -> ReviewLine:
    number = french.identifier(review.siren) if review.siren else ""
    name = review.name or ("Nom non public" if review.siren else "Entreprise absente des données chargées")
    here = f"/bureau/oppositions/{review.id}"
    decided = review.reviewed_at is not None
    return ReviewLine(
        title=f"{name} (SIREN {number})" if number else name,
        told=f"En vigueur depuis le {_day(review.confirmed_at)}, {_PROOFS[review.proof]}.",
        reviewed=f"{'Signalée comme abusive' if review.reported else 'Relue'} le {_day(review.reviewed_at)}."
        if review.reviewed_at
        else "",
        confirm="" if decided and not review.reported else f"{here}/confirmer",
        reject=f"{here}/retirer" if review.may_end or (review.proof == "email" and not review.reported) else "",
        verb="Mettre fin à cette demande" if review.may_end else "Signaler comme abusive à l’hébergeur",
    )


def _chapters(entries: Sequence[DeclarationRead], edit: str) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(
            field.value.replace("_", "-"),
            label,
            note,
            (
                *(_saying(entry, edit) for entry in entries if entry.field is field and not entry.topic),
                *_chosen([entry for entry in entries if entry.field is field and entry.topic], edit),
            ),
        )
        for field, (label, note) in FIELDS.items()
    )


def _chosen(entries: Sequence[DeclarationRead], edit: str) -> tuple[Saying, ...]:
    """Return closed answers in few lines: those of one author, one day and the same readers stand together."""
    found: dict[Saying, list[str]] = {}
    where = f"{edit.removesuffix('/declarations')}/situation" if edit else ""
    for entry in entries:
        told = replace(_saying(entry, edit), text="", href=where if entry.own else "")
        found.setdefault(told, []).append(entry.text.rstrip("."))
    return tuple(replace(told, text=" ; ".join(texts) + ".") for told, texts in found.items())


def _saying(entry: DeclarationRead, edit: str) -> Saying:
    if entry.hidden:
        return Saying(entry.text, _who(entry), "Masqué par la modération", _changing(entry, edit))
    if entry.waiting:
        return Saying(entry.text, _who(entry), _AWAITING, _changing(entry, edit))
    readers = VISIBILITIES[entry.visibility][0]
    reserved = f"Lecteurs : {readers[:1].lower()}{readers[1:]}"
    if not edit and entry.visibility is Visibility.PUBLIC:
        reserved = ""
    return Saying(entry.text, _who(entry), reserved, _changing(entry, edit), entry.id if entry.may_hide else "")


def _changing(entry: DeclarationRead, edit: str) -> str:
    return f"{edit}/{entry.id}" if edit and entry.own else ""


def _who(entry: DeclarationRead) -> str:
    """Return who says an entry, and when; a person's name is not told."""
    if entry.by == "head":
        said = f"Dit par l’entreprise le {_day(entry.updated_at)}"
        return f"{said}. {attested_words(entry.attested)}" if entry.attested else said
    return f"Écrit en son nom par {entry.organisation} le {_day(entry.updated_at)}"


def attested_words(found: Attested) -> str:
    """Return who vouches for a head's words, how and since when."""
    how = PROOFS[Proof(found.proof)].how
    return f"Attesté par {found.by}, {how}, le {_day(found.at)}"


def _day(moment: datetime) -> str:
    return french.long_date(moment)


def _fields(chosen: str) -> tuple[Picked, ...]:
    """Return the fields that one writes in; the others are chosen in lists."""
    current = chosen or DeclarationSubject.MAKES.value
    written = {one: said for one, said in FIELDS.items() if one not in CHOSEN}
    return tuple(Picked(one.value, label, note, one.value == current) for one, (label, note) in written.items())


def _visibilities(chosen: str, found: Declarations) -> tuple[Picked, ...]:
    """Return who may be chosen to read; a partially diffusible firm is not offered the public."""
    offered = [one for one in Visibility if one is not Visibility.PUBLIC or found.masked is False]
    current = chosen if chosen in offered else Visibility.NETWORK.value
    return tuple(Picked(one.value, *VISIBILITIES[one], one.value == current) for one in offered)


def _notice(found: Declarations, head: bool, standing: str) -> str:
    if found.objected:
        whose = "Vous vous êtes opposé" if head else "Cette entreprise s’est opposée"
        return f"{whose} à figurer dans Vigie : seuls elle et le développeur économique lisent ce qui est écrit ici."
    if head and found.provisional:
        return f"{WAITING} {_STANDINGS.get(standing, '')}".strip()
    if found.masked:
        return (
            "Cette entreprise a demandé la diffusion partielle de ses informations : elle peut écrire ici et demander "
            "de l’aide, mais rien n’en paraît publiquement."
        )
    if found.masked is None:
        return "Cette entreprise n’est pas parmi celles qui sont chargées : rien de ce qui s’écrit ici ne sera public."
    return ""
