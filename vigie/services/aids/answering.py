"""Which schemes may help a firm or a need, and what each of their conditions says: questions, behind every door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import numpy as np

from vigie.domain import french
from vigie.domain.declared import Hint, Label, Length, Missing, Named, NumberRange, TextShape, Words
from vigie.domain.levers import Applicant, Holds
from vigie.errors import RequestFault
from vigie.services.aids.asker import asking_firm
from vigie.services.aids.book import Days, ReadScheme, SchemeBook, book_of, cited, worst
from vigie.services.capabilities import Capability
from vigie.services.questions import AnswerTable, DataInService, Of, Question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.aids.asker import ApplyingFirm

DECIDES_NOT = (
    "Vigie ne décide pas : seul l’organisme qui porte une aide dit si une entreprise y a droit. Une information qui "
    "manque n’exclut jamais ; elle est à vérifier."
)
NONE_LOADED = "Aucun catalogue d’aides n’est chargé ici : l’hébergeur en donne un à « vigie refresh »."
DE_MINIMIS_EUROS = 300_000
"""Most « de minimis » aid of a single undertaking over three years (règlement (UE) 2023/2831, article 3)."""
_LONGEST_NEED = 500
_MISSING_SHOWN = 3


class Fit(StrEnum):
    """What a scheme says to a firm, as far as its conditions can be answered."""

    NOTHING_AGAINST = "rien ne s’y oppose"
    TO_CHECK = "à vérifier"
    REFUSED = "non"


_FITS = {Holds.YES: Fit.NOTHING_AGAINST, Holds.UNKNOWN: Fit.TO_CHECK, Holds.NO: Fit.REFUSED}


class State(StrEnum):
    """Which schemes are listed, by their days."""

    OPEN = "ouvertes"
    CLOSING = "bientot"
    ALL = "toutes"


_STATES = Words({"bientot": "Qui ferment dans les 30 jours", "toutes": "Toutes, même fermées"})


@dataclass(frozen=True, slots=True)
class SchemesAsked:
    """What can be asked of the schemes loaded."""

    need: Annotated[str, Label("Besoin, en vos mots"), Named("besoin"), Hint("Par exemple : isoler un atelier."),
                    Length(_LONGEST_NEED)] = ""  # fmt: skip
    firm: Annotated[str, Label("Entreprise"), Named("entreprise"), Hint("SIREN ou SIRET, si l’aide est pour elle.")] = (
        ""
    )
    state: Annotated[State, Label("Dates"), Named("etat"), _STATES, Missing("Ouvertes")] = State.OPEN
    on: Annotated[date | None, Label("Au jour du"), Named("au"), Hint("Aujourd’hui, si rien n’est dit.")] = None


@dataclass(frozen=True, slots=True)
class AidsAsked:
    """What can be asked of the schemes for one firm."""

    need: Annotated[str, Label("Besoin, en vos mots"), Named("besoin"), Hint("Par exemple : isoler un atelier."),
                    Length(_LONGEST_NEED)] = ""  # fmt: skip
    state: Annotated[State, Label("Dates"), Named("etat"), _STATES, Missing("Ouvertes")] = State.OPEN
    on: Annotated[date | None, Label("Au jour du"), Named("au"), Hint("Aujourd’hui, si rien n’est dit.")] = None
    received: Annotated[int | None, Label("De minimis reçu (€)"), Named("recues"),
                        Hint("De minimis reçu : ce qu’elle déclare sur trois ans, groupe compris ; rien n’est gardé."),
                        NumberRange(0, 100_000_000)] = None  # fmt: skip


@dataclass(frozen=True, slots=True)
class AidRow:
    """One scheme, as a list tells it."""

    title: Annotated[str, Label("Aide")]
    fit: Annotated[str, Label("Ce qui se sait")]
    missing: Annotated[str, Label("À vérifier ou à fournir")]
    days: Annotated[str, Label("Dates")]
    kinds: Annotated[str, Label("Nature")]
    holders: Annotated[str, Label("Portée par")]
    id: Annotated[str, Label("Numéro"), TextShape("code")]


@dataclass(frozen=True, slots=True)
class ConditionsAsked:
    """What can be asked of the conditions of one scheme."""

    id: Annotated[str, Label("Numéro de l’aide"), Named("numero")] = ""
    firm: Annotated[str, Label("Entreprise"), Named("entreprise"), Hint("SIREN ou SIRET, pour répondre à chacune.")] = (
        ""
    )
    on: Annotated[date | None, Label("Au jour du"), Named("au"), Hint("Aujourd’hui, si rien n’est dit.")] = None


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition of a scheme, with its answer."""

    sentence: Annotated[str, Label("Condition")]
    answer: Annotated[str, Label("Réponse")]
    topic: Annotated[str, Label("Porte sur")]
    trace: Annotated[str, Label("Comment elle est lue")]
    reference: Annotated[str, Label("Où c’est écrit")]


SCHEMES = Question(
    "schemes", "aides", of=Of.EVERYTHING, group="equip", title="Aides aux entreprises", command="schemes",
    summary="Aides ouvertes, pour un besoin ou une entreprise", takes=SchemesAsked, rows=AidRow,
)  # fmt: skip
AIDS = Question(
    "aids", "aides", of=Of.FIRM, group="equip", title="Aides pour cette entreprise", command="aids-of",
    summary="Aides ouvertes à une entreprise, condition par condition", takes=AidsAsked, rows=AidRow,
)  # fmt: skip
CONDITIONS = Question(
    "scheme-conditions", "conditions-d-aide", of=Of.EVERYTHING, group="equip", title="Conditions d’une aide",
    summary="Conditions d’une aide, avec la réponse pour une entreprise", takes=ConditionsAsked, rows=ConditionRow,
    command="conditions",
)  # fmt: skip
CAPABILITY = Capability("Aides", questions=(SCHEMES, AIDS, CONDITIONS))
SCHEMES.opens = AIDS.opens = lambda row, firm: page_of(row.id, firm)


def page_of(scheme: str, firm: str = "") -> str:
    """Return the address of the page of a scheme, its conditions answered for a firm when one is named."""
    return f"/aide/{scheme}{f'?entreprise={firm}' if firm else ''}"


@SCHEMES.answered
def schemes(data: DataInService, _: str, asked: SchemesAsked) -> AnswerTable:
    """Return the schemes of the catalogues loaded, the fittest first.

    Raises `RequestFault`, `NotFound` or `Objected` for the firm named.
    """
    on = asked.on or french.today()
    firm = asking_firm(data, asked.firm, on) if asked.firm else None
    return _told(data, firm, Listing(asked.need, asked.state, on))


@AIDS.answered
def aids(data: DataInService, key: str, asked: AidsAsked) -> AnswerTable:
    """Return the schemes that may help a firm, the fittest first; those that refuse it are last.

    Raises `RequestFault`, `NotFound` or `Objected` like any reading of a firm.
    """
    on = asked.on or french.today()
    firm = asking_firm(data, key, on)
    return _told(data, firm, Listing(asked.need, asked.state, on), de_minimis(asked.received))


@CONDITIONS.answered
def conditions(data: DataInService, _: str, asked: ConditionsAsked) -> AnswerTable:
    """Return the conditions of a scheme, answered for a firm when one is named. Raises like `schemes`."""
    on = asked.on or french.today()
    if not asked.id:
        raise RequestFault("Dites de quelle aide il s’agit : donnez son numéro, tel que la liste le montre.")
    scheme = book_of(data).scheme(asked.id)
    asker = asking_firm(data, asked.firm, on).asker if asked.firm else Applicant()
    return AnswerTable(
        title=scheme.title,
        lead=scheme.promise or scheme.title,
        rows=condition_rows(scheme, asker),
        sources=cited(data, [scheme]),
        simulated=scheme.imaginary,
        note=DECIDES_NOT,
    )


def condition_rows(scheme: ReadScheme, asker: Applicant) -> tuple[ConditionRow, ...]:
    """Return the conditions of a scheme with the answer of each; one that nothing computes is to be checked."""
    pairs = zip(scheme.scheme.conditions, scheme.traces, strict=True)
    return tuple(
        ConditionRow(one.sentence, worst(one.holds(asker)), one.topic.value, trace, one.reference)
        for one, trace in pairs
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """Which schemes are wanted: for a need, in a state, on a day."""

    need: str
    state: State
    on: date


def fitting(book: SchemeBook, asker: Applicant, wanted: Listing) -> list[tuple[ReadScheme, Holds]]:
    """Return the schemes wanted, with what each says: by fit, then by nearness to the need, then by deadline.

    The usual order (free advice first) settles what is left equal. Cost: O(distinct conditions + schemes).
    """
    found = book.answers(asker)
    near = book.near(wanted.need) if wanted.need.strip() else np.zeros(len(book.schemes))
    kept = [
        rank
        for rank, one in enumerate(book.schemes)
        if rank not in book.repeated
        and _listed(one.days(wanted.on), wanted.state)
        and (near[rank] > 0 or not wanted.need.strip())
    ]
    usual = book.usual_ranks

    def order(rank: int) -> tuple[int, float, date, int]:
        return -int(found[rank]), -float(near[rank]), book.schemes[rank].closes or date.max, int(usual[rank])

    return [(book.schemes[rank], Holds(int(found[rank]))) for rank in sorted(kept, key=order)]


def de_minimis(received: int | None) -> str:
    """Return what is left of « de minimis » aid after what a firm says it received; empty when it says nothing."""
    if received is None:
        return ""
    left = max(0, DE_MINIMIS_EUROS - received)
    return (
        f"Aides de minimis : d’après ce que vous déclarez, il reste {french.euros(left)} sur "
        f"{french.euros(DE_MINIMIS_EUROS)} en trois ans, pour l’entreprise unique (groupe compris)."
    )


def _listed(days: Days, state: State) -> bool:
    if state is State.ALL:
        return True
    return days is Days.CLOSING if state is State.CLOSING else days in (Days.OPEN, Days.CLOSING)


def _told(data: DataInService, firm: ApplyingFirm | None, wanted: Listing, more: str = "") -> AnswerTable:
    book = book_of(data)
    asker = firm.asker if firm else Applicant()
    found = fitting(book, asker, wanted)
    rows = tuple(_row(one, holds, asker, wanted.on) for one, holds in found)
    return AnswerTable(
        title=f"Aides pour {firm.name}" if firm else "Aides aux entreprises",
        lead=_lead(found, wanted, firm) if book.schemes else NONE_LOADED,
        rows=rows,
        sources=cited(data, [one for one, _ in found] or book.schemes),
        simulated=any(one.imaginary for one, _ in found),
        note=" ".join(filter(None, (DECIDES_NOT, _repeated(book), more))),
    )


def _repeated(book: SchemeBook) -> str:
    count = len(book.repeated)
    told = french.counted(count, "aide du même titre", "aides du même titre")
    return f"{told} dans deux catalogues : une seule est montrée." if count else ""


def _lead(found: Sequence[tuple[ReadScheme, Holds]], wanted: Listing, firm: ApplyingFirm | None) -> str:
    if not found:
        return "Aucune des aides chargées ne répond à cette question."
    closing = sum(one.days(wanted.on) is Days.CLOSING for one, _ in found)
    parts = [french.counted(len(found), "aide")]
    if firm:
        counts = {fit: sum(_FITS[holds] is fit for _, holds in found) for fit in Fit}
        parts = [
            f"{french.counted(len(found), 'aide')} : rien ne s’oppose à {french.number(counts[Fit.NOTHING_AGAINST])}, "
            f"{french.number(counts[Fit.TO_CHECK])} à vérifier, {french.number(counts[Fit.REFUSED])} non"
        ]
    if closing:
        parts.append(f"{french.number(closing)} {french.plural(closing, 'ferme', 'ferment')} dans les 30 jours")
    return f"{' ; '.join(parts)}."


def _row(one: ReadScheme, holds: Holds, asker: Applicant, on: date) -> AidRow:
    return AidRow(
        title=one.title,
        fit=_FITS[holds].value,
        missing=missing(one, holds, asker),
        days=days_in_words(one, on),
        kinds=", ".join(one.kinds),
        holders=one.holders,
        id=one.id,
    )


def missing(one: ReadScheme, holds: Holds, asker: Applicant) -> str:
    """Return the conditions that refuse a firm; else those that are not known, the first ones in their own words."""
    wanted = Holds.NO if holds is Holds.NO else Holds.UNKNOWN
    told = [asked.sentence for asked in one.scheme.conditions if asked.holds(asker) is wanted]
    more = len(told) - _MISSING_SHOWN
    shown = " ; ".join(sentence.rstrip(" .") for sentence in told[:_MISSING_SHOWN])
    return f"{shown} ; et {french.counted(more, 'autre')}" if more > 0 else shown


def days_in_words(one: ReadScheme, on: date) -> str:
    """Return where a scheme stands on a day, in words."""
    days = one.days(on)
    if days is Days.TO_COME:
        return f"ouvre le {french.short_date(one.opens)}"
    if days is Days.CLOSED:
        return f"fermée depuis le {french.short_date(one.closes)}"
    return f"jusqu’au {french.short_date(one.closes)}" if one.closes else "ouverte, sans date de fin"
