"""The page where the situation of a firm is said, by its head or by its officer during a visit, as it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.declarations import FIELDS, LONGEST, QUESTIONS, VISIBILITIES, DeclarationSubject, Visibility
from vigie.domain.firm_names import usual_case
from vigie.domain.french import counted
from vigie.domain.situation import SECTIONS
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.firms import UNNAMED
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.views import Link
from vigie.services.firms.situation import progress, situation_of, summary_of

if TYPE_CHECKING:
    from vigie.services.firms.answers import Declarations
    from vigie.services.firms.situation import SituationAnswer


@dataclass(frozen=True, slots=True)
class FirstQuestion:
    """One of the three first questions: what was answered, and where; empty when it is still to be asked."""

    field: str
    asks: str
    hint: str
    told: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class SituationLine:
    """One closed question: the names of its two choices in the form, what stands as it is shown, what may be chosen."""

    word: str
    asks: str
    stands: str
    options: tuple[Option, ...]
    readers: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class AskedSection:
    """The closed questions of one heading, saved together; `done` says how many are answered."""

    anchor: str
    title: str
    lead: str
    done: str
    lines: tuple[SituationLine, ...]


@dataclass(frozen=True, slots=True)
class SituationPage:
    """`desk/situation.html`: three questions, then sections of closed ones."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    here: str
    first: tuple[FirstQuestion, ...]
    first_action: str
    readers: tuple[Option, ...]
    sections: tuple[AskedSection, ...]
    known: tuple[str, ...]
    links: tuple[Link, ...]
    form: Form
    done: str = ""
    longest: int = LONGEST


def situation_address(siren: str) -> str:
    """Return the address of the page."""
    return f"/bureau/entreprise/{siren}/situation"


def situation_page(found: Declarations, form: Form, *, head: bool, done: str = "") -> SituationPage:
    """Return the page, with what is told already chosen; a refused form keeps what was chosen in it."""
    situation = situation_of(found.siren, found.entries)
    name = usual_case(found.name) if found.name else UNNAMED
    firm = f"/bureau/entreprise/{found.siren}"
    said = situation.known
    by_section = {section: [one for one in situation.answers if one.section is section.subject] for section in SECTIONS}
    return SituationPage(
        title="La situation de mon entreprise" if head else f"Situation : {name}",
        lead=f"{progress(situation)}. Trois questions suffisent pour commencer ; le reste se complète au fil du temps, "
        "et chaque réponse a ses lecteurs.",
        trail=(DESK, Link("Mon entreprise" if head else name, firm), Link("Situation")),
        here=situation_address(found.siren),
        first=tuple(_first(found, subject, firm) for subject in QUESTIONS),
        first_action=f"{firm}/declarations",
        readers=_readers("", found),
        sections=tuple(
            AskedSection(
                section.anchor, section.title, section.lead,
                f"{counted(sum(one.question.word in said for one in lines), 'réponse')} sur {len(lines)}",
                tuple(_line(one, form, found) for one in lines),
            )
            for section, lines in by_section.items()
        ),
        known=summary_of(situation).known,
        links=(
            Link("Ce que l’entreprise dit d’elle-même", firm),
            Link("Voir qui pourrait travailler avec elle",
                 "/bureau/mon-entreprise/partenaires" if head else f"{firm}/partenaires"),
        ),
        form=form,
        done=done,
    )  # fmt: skip


def _first(found: Declarations, subject: DeclarationSubject, firm: str) -> FirstQuestion:
    told = [one for one in found.entries if one.field is subject and not one.topic]
    links = (Link(one.text, f"{firm}/declarations/{one.id}" if one.own else "") for one in told)
    return FirstQuestion(subject.value, QUESTIONS[subject], FIELDS[subject][1], tuple(links))


def _line(one: SituationAnswer, form: Form, found: Declarations) -> SituationLine:
    word, entry = one.question.word, one.entry
    chosen = form.value(f"r-{word}", entry.answer if entry else "")
    options = [Option("", "Pas encore dit", not chosen)]
    options += [Option(choice, label, choice == chosen) for choice, label in one.question.choices.items()]
    readers = form.value(f"l-{word}", entry.visibility.value if entry else "")
    return SituationLine(word, one.question.asks, stands_as(one), tuple(options), _readers(readers, found))


def stands_as(one: SituationAnswer) -> str:
    """Return what stands of a question in one word, so that a form tells what it showed; empty without an answer."""
    return f"{one.entry.answer}:{one.entry.visibility.value}" if one.entry else ""


def _readers(chosen: str, found: Declarations) -> tuple[Option, ...]:
    """Return who may be chosen to read; what a partially diffusible firm says is not offered to all."""
    offered = [one for one in Visibility if one is not Visibility.PUBLIC or found.masked is False]
    current = chosen if chosen in offered else Visibility.NETWORK.value
    return tuple(Option(one.value, VISIBILITIES[one][0], one.value == current) for one in offered)
