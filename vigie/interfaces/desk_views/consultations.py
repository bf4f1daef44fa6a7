"""The pages of consultations: the list, the first screen, one statement at a time, one's own votes, an idea."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.consultation import College, ConsultationState, StatementState, Vote
from vigie.domain.moderation import RULES
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.views import Link
from vigie.services.communes import told_territory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.consultations.answers import (
        ConsultationLine,
        IdeaTold,
        OwnVote,
        VotingPaper,
    )

ALL = "/consultations"
DESK = Link("Bureau", "/bureau")
_SECRECY = (
    "Vos votes restent inconnus : ni nom, ni compte, ni adresse, ni heure à côté d’eux, et personne n’en lit un seul. "
    "À la clôture, ils sont effacés."
)


def here(consultation: str) -> str:
    """Return the address of a consultation."""
    return f"/consultation/{consultation}"


@dataclass(frozen=True, slots=True)
class ConsultationRow:
    """One consultation of a list."""

    link: Link
    note: str
    state: str


@dataclass(frozen=True, slots=True)
class ConsultationsPage:
    """`consultations.html`: those that are open, then the others; for officers, the way to prepare one."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    open: tuple[ConsultationRow, ...]
    others: tuple[ConsultationRow, ...]
    add_href: str = ""


@dataclass(frozen=True, slots=True)
class FirstScreen:
    """`consultation.html`: what to know before the first vote."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    context: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    secrecy: str
    start: Link | None
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class VotingPage:
    """`consultation_vote.html`: one statement, three buttons; nothing leads away."""

    title: str
    lead: str
    kicker: str
    statement: str
    text: str
    votes: tuple[tuple[str, str], ...]
    progress: str
    form: Form
    hall: str
    newcomer: bool
    ways: tuple[Link, ...]
    bare: bool = True


@dataclass(frozen=True, slots=True)
class OwnVoteRow:
    """One's own vote on a statement, with where to change it."""

    statement: str
    text: str
    vote: str
    href: str


@dataclass(frozen=True, slots=True)
class OwnVotesPage:
    """`consultation_mine.html`: one's own votes, the code to go on elsewhere, and the field that takes one."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    rows: tuple[OwnVoteRow, ...]
    code: str
    open: bool
    form: Form


@dataclass(frozen=True, slots=True)
class IdeaPage:
    """`consultation_idea.html`: the field of an idea, and the rules by which it is read."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    form: Form
    rules: tuple[str, ...]
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowedIdea:
    """`consultation_followed.html`: an idea as its author follows it."""

    title: str
    lead: str
    words: str
    state: str
    reason: str
    may_withdraw: bool
    address: str
    back: Link


def list_page(lines: Sequence[ConsultationLine], territory: str = "") -> ConsultationsPage:
    """Return the page that everybody reads; `territory` is the key of the one that it is narrowed to."""
    running = [one for one in lines if one.open]
    return ConsultationsPage(
        title=f"Consultations {french.of_place(told_territory(territory))}" if territory else "Consultations",
        lead=f"{french.counted(len(running), 'consultation ouverte', 'consultations ouvertes')} : donnez votre avis, "
        "sans compte, en quelques minutes."
        if running
        else "Aucune consultation n’est ouverte aujourd’hui"
        + (" ; voici ce qui a été dit dans les précédentes." if lines else "."),
        trail=(Link("Consultations", ALL), Link(told_territory(territory))) if territory else (Link("Consultations"),),
        open=tuple(row_of(one, here(one.id)) for one in running),
        others=tuple(row_of(one, here(one.id)) for one in lines if not one.open),
    )


def row_of(line: ConsultationLine, href: str) -> ConsultationRow:
    """Return a consultation as a line of a list."""
    state = ConsultationState(line.state).label
    days = f"jusqu’au {french.long_date(line.closes_on)}" if line.open else f"{french.short_date(line.closes_on)}"
    many = f", au moins {french.counted(line.participants, 'participant')}" if line.participants else ""
    return ConsultationRow(
        Link(line.question, href), f"{line.organisation}, {line.territory_name} : {days}{many}.", state
    )


def first_screen(line: ConsultationLine, *, voted: int) -> FirstScreen:
    """Return what to know before the first vote."""
    place = here(line.id)
    lead = f"{line.organisation} vous demande votre avis : {_days(line)}."
    start = Link("Reprendre mes votes" if voted else "Donner mon avis", f"{place}/avis") if line.open else None
    links = [Link("Ce qu’on en dit" if line.open else "Le résultat", f"{place}/resultat")]
    if line.open:
        links.append(Link("Proposer une idée", f"{place}/idee"))
        links.append(Link("Mes votes, mon code", f"{place}/mes-avis"))
    return FirstScreen(
        title=line.question,
        lead=lead,
        trail=(Link("Consultations", ALL), Link(line.question)),
        context=french.paragraphs(line.context),
        facts=facts(line),
        rules=french.paragraphs(line.rules),
        secrecy=_SECRECY,
        start=start,
        links=tuple(links),
    )


def _days(line: ConsultationLine) -> str:
    if line.state == ConsultationState.CLOSED.value or (not line.open and line.opens_on < french.today()):
        return f"c’est clos depuis le {french.long_date(line.closes_on)}"
    if not line.open:
        return f"dès le {french.long_date(line.opens_on)}, jusqu’au {french.long_date(line.closes_on)}"
    return f"jusqu’au {french.long_date(line.closes_on)}, quelques minutes suffisent, sans compte"


def facts(line: ConsultationLine) -> tuple[tuple[str, str], ...]:
    """Return what to know of a consultation before the first vote."""
    return (
        ("Qui peut parler", french.capital(College(line.college).label)),
        ("Territoire", line.territory_name),
        ("Quand", f"du {french.long_date(line.opens_on)} au {french.long_date(line.closes_on)}"),
        ("Propositions", french.number(line.statements)),
        ("Ce que le résultat deviendra", line.becomes),
        ("Réponse au plus tard", french.long_date(line.becomes_on)),
    )


def voting_page(paper: VotingPaper, form: Form, hall: str, *, newcomer: bool) -> VotingPage:
    """Return the screen of one statement, or that of the end."""
    line, one = paper.line, paper.statement
    place = here(line.id)
    done = f"{french.number(paper.voted)} sur {french.counted(paper.total, 'proposition')}"
    ways = (
        Link("M’arrêter là, voir ce qu’on en dit", f"{place}/resultat"),
        Link("Proposer une idée", f"{place}/idee"),
        Link("Revoir mes votes", f"{place}/mes-avis"),
    )
    return VotingPage(
        title=line.question,
        lead="" if one else "Vous avez donné votre avis sur tout : merci.",
        kicker=line.question,
        statement=one.id if one else "",
        text=one.text if one else "",
        votes=tuple((vote.word, french.capital(vote.label)) for vote in (Vote.AGREE, Vote.DISAGREE, Vote.PASS)),
        progress=done,
        form=form,
        hall=hall,
        newcomer=newcomer,
        ways=ways if paper.voted else (Link("Revenir à la question", place),),
    )


def own_votes_page(line: ConsultationLine, votes: Sequence[OwnVote], code: str, form: Form) -> OwnVotesPage:
    """Return one's own votes, those given first."""
    place = here(line.id)
    labels = {vote.word: french.capital(vote.label) for vote in Vote}
    given = sorted(votes, key=lambda one: not one.vote)
    return OwnVotesPage(
        title="Mes votes",
        lead="Lus depuis cet appareil seulement. Un changement se verra au prochain compte.",
        trail=(Link("Consultations", ALL), Link(line.question, place), Link("Mes votes")),
        rows=tuple(
            OwnVoteRow(
                one.statement.id, one.statement.text, labels.get(one.vote, ""),
                f"{place}/avis?proposition={one.statement.id}",
            )
            for one in given
        ),
        code=code,
        open=line.open,
        form=form,
    )  # fmt: skip


def idea_page(line: ConsultationLine, form: Form) -> IdeaPage:
    """Return the field of an idea with the rules of moderation."""
    return IdeaPage(
        title="Proposer une idée",
        lead="Une phrase, une idée. L’organisation la lit et dit si elle est soumise au vote, sinon pourquoi.",
        trail=(Link("Consultations", ALL), Link(line.question, here(line.id)), Link("Proposer une idée")),
        form=form,
        rules=tuple(sentence for key, sentence in RULES.items() if key not in ("not_theirs", "mistake", "advertising")),
        more=french.paragraphs(line.rules),
    )


def followed_idea(told: IdeaTold, address: str) -> FollowedIdea:
    """Return an idea as its author follows it."""
    received = french.long_date(french.day_of(told.statement.received_at)) if told.statement.received_at else ""
    return FollowedIdea(
        title="Votre idée",
        lead=f"Reçue le {received} par {told.organisation}, pour « {told.question} ».",
        words=told.statement.text,
        state=french.capital(StatementState(told.statement.state).label),
        reason=told.reason,
        may_withdraw=told.may_withdraw,
        address=address,
        back=Link("Revenir à la consultation", here(told.consultation)),
    )
