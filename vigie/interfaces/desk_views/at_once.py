"""What is answered to a need without waiting: who could help, open calls, aids, advisers, each leading to one act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain import french
from vigie.domain.calls import KINDS
from vigie.interfaces.views import AidLine, Link

if TYPE_CHECKING:
    from vigie.domain.advising import AdviceSubject
    from vigie.services.advising.routing import RoutedAdviser
    from vigie.services.calls.answers import NearCall
    from vigie.services.connect.answering_needs import ActivityAnswer, FirmAnswer
    from vigie.services.connect.at_once import AtOnce


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Something or somebody that could help: what it is, why, and the one act it leads to."""

    title: str
    about: str
    act: Link


@dataclass(frozen=True, slots=True)
class HelpView:
    """`pieces/at_once.html`: the answer to a need; `lead` sums it up in one sentence, `act` when there is nothing."""

    lead: str
    imaginary: bool
    who: tuple[HelpLine, ...]
    team: str
    calls: tuple[HelpLine, ...]
    aids: tuple[AidLine, ...]
    advisers: tuple[HelpLine, ...]
    more: tuple[Link, ...]
    notes: tuple[str, ...]


def help_view(found: AtOnce, dossier: str = "") -> HelpView:
    """Build the answer to a need; `dossier` is that of the need, from which an officer introduces firms."""
    firms = tuple(_firm(one, dossier) for one in found.firms)
    return HelpView(
        lead=_lead(found),
        imaginary=found.simulated,
        who=firms or tuple(_activity(one, found.around) for one in found.activities),
        team=_team(found),
        calls=tuple(map(_call, found.calls)),
        aids=tuple(AidLine(one.title, one.href, one.promise, one.days, one.fit) for one in found.aids),
        advisers=tuple(_adviser(one, found) for one in found.advisers),
        more=_more(found),
        notes=found.notes,
    )


def _lead(found: AtOnce) -> str:
    counts = [one.establishments or 0 for one in found.activities]
    told = []
    if sum(counts):
        told.append(french.counted(sum(counts), "établissement qui emploie", "établissements qui emploient"))
    for held, one, several in (
        (found.calls, "appel ouvert", "appels ouverts"),
        (found.aids, "aide", "aides"),
        (found.advisers, "interlocuteur", "interlocuteurs"),
    ):
        if held:
            told.append(french.counted(len(held), one, several))
    if not told:
        return "Rien de chargé ici ne répond tout de suite : votre contact cherche avec vous."
    return f"Sans attendre, autour de vous : {french.listed(told)}."


def _activity(one: ActivityAnswer, around: str) -> HelpLine:
    many = french.counted(one.establishments, "établissement", "établissements") if one.establishments else "moins de 3"
    why = f"fait d’habitude : {french.listed(one.covers)}" if one.covers else "répond aux mots de votre besoin"
    where = urlencode({"naf": one.naf, "territoire": around, "employeur": "oui"})
    return HelpLine(one.label, f"{many} dans le département · {why}", Link("Voir qui", f"/annuaire?{where}"))


def _firm(one: FirmAnswer, dossier: str) -> HelpLine:
    siren = one.siret[:9]
    asked = {"dossier_a": dossier, "avec": siren} if dossier else {"siren_a": siren}
    prepare = Link("Préparer une mise en relation", f"/bureau/mises-en-relation/nouvelle?{urlencode(asked)}")
    return HelpLine(one.name, " · ".join(filter(None, (one.commune, one.activity, one.evidence))), prepare)


def _team(found: AtOnce) -> str:
    if len(found.team) < 2:
        return ""
    told = (f"{one.name} ({french.listed(one.covers)})" for one in found.team)
    return f"À {french.number(len(found.team))}, elles couvrent tout ce qui est demandé : {french.listed(tuple(told))}."


def _call(one: NearCall) -> HelpLine:
    until = f" · jusqu’au {french.long_date(one.closes_on)}" if one.closes_on else ""
    return HelpLine(
        one.title, f"{french.capital(KINDS[one.kind])}{until}", Link("Lire et répondre", f"/appels/{one.id}")
    )


def _adviser(one: RoutedAdviser, found: AtOnce) -> HelpLine:
    delay = f"répond sous {french.counted(one.days, 'jour ouvré', 'jours ouvrés')}" if one.days else ""
    about = " · ".join(filter(None, (one.service if one.name else "", one.antenna, one.organisation, one.hours, delay)))
    act = Link("Voir quand le joindre", _asking(found.subjects[0], found.commune))
    if one.email:
        act = Link("Lui écrire", f"mailto:{one.email}")
    elif one.phone:
        act = Link(f"Appeler le {french.telephone(one.phone)}", f"tel:{one.phone.replace(' ', '')}")
    return HelpLine(one.name or one.service, about, act)


def _more(found: AtOnce) -> tuple[Link, ...]:
    """Return where the subjects of a need are answered when nobody could be named at once."""
    if found.advisers:
        return ()
    return tuple(Link(f"Qui conseille : {one.label.lower()}", _asking(one, found.commune)) for one in found.subjects)


def _asking(subject: AdviceSubject, commune: str) -> str:
    return f"/interlocuteurs?{urlencode({'sujet': subject.value, 'commune': commune})}"
