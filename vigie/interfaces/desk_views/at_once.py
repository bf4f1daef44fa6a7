"""What is answered to a need at once: who could help, exchanges of matter, calls, aids, advisers, each with one act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain import french
from vigie.domain.access import Role
from vigie.domain.calls import KINDS
from vigie.interfaces.desk_views.introductions import ask_address, prepare_address
from vigie.interfaces.views import AidLine, Link
from vigie.services.symbiosis.matching import REACH_KM

if TYPE_CHECKING:
    from vigie.domain.advising import AdviceSubject
    from vigie.services.advising.routing import RoutedAdviser
    from vigie.services.calls.answers import NearCall
    from vigie.services.connect.answering_needs import ActivityAnswer, FirmAnswer
    from vigie.services.connect.at_once import AtOnce
    from vigie.services.symbiosis.for_needs import ExchangeSite, NeedExchanges

_REACH = french.number(REACH_KM, 0)


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
    exchanges: tuple[HelpLine, ...]
    exchanges_note: str
    calls: tuple[HelpLine, ...]
    aids: tuple[AidLine, ...]
    advisers: tuple[HelpLine, ...]
    more: tuple[Link, ...]
    notes: tuple[str, ...]


def help_view(found: AtOnce, dossier: str = "", role: Role | None = None) -> HelpView:
    """Build the answer to a need; `dossier` is that of the need, from which an officer introduces firms.

    `role` is that of who reads: the head of a firm asks to meet another, a visitor reads its public page.
    """
    firms = tuple(_firm(one, dossier) for one in found.firms)
    return HelpView(
        lead=_lead(found),
        imaginary=found.simulated,
        who=firms or tuple(_activity(one, found.around) for one in found.activities),
        team=_team(found),
        exchanges=_exchanges(found.exchanges, dossier, role) if found.exchanges else (),
        exchanges_note=_exchanges_note(found),
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
    if found.exchanges and found.exchanges.sites:
        told.append(french.counted(len(found.exchanges.sites), "échange de matière", "échanges de matière"))
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
    prepare = Link("Préparer une mise en relation", prepare_address(siren, dossier=dossier))
    return HelpLine(one.name, " · ".join(filter(None, (one.commune, one.activity, one.evidence))), prepare)


def _team(found: AtOnce) -> str:
    if len(found.team) < 2:
        return ""
    told = (f"{one.name} ({french.listed(one.covers)})" for one in found.team)
    return f"À {french.number(len(found.team))}, elles couvrent tout ce qui est demandé : {french.listed(tuple(told))}."


def _meeting(siret: str, dossier: str, role: Role | None) -> Link:
    """Return what a reader does with a firm that is named: prepare an introduction, ask for one, or read its page."""
    siren = siret[:9]
    if dossier or role in (Role.OFFICER, Role.ADMIN):
        return Link("Préparer une mise en relation", prepare_address(siren, dossier=dossier))
    if role is Role.HEAD:
        return Link("Demander à la rencontrer", ask_address(siren))
    return Link("Voir sa fiche", f"/etablissement/{siret}")


def _exchanges(found: NeedExchanges, dossier: str, role: Role | None) -> tuple[HelpLine, ...]:
    return tuple(_exchange(one, found, _meeting(one.siret, dossier, role)) for one in found.sites)


def _exchange(one: ExchangeSite, found: NeedExchanges, act: Link) -> HelpLine:
    far = f" à {french.number(one.kilometres, 1)} km" if one.kilometres is not None else ""
    told = (f"Pourrait {found.does}{far} : {one.matter} ({one.quantity})", one.because, one.obstacles)
    return HelpLine(f"{one.name}, {one.commune}", " · ".join(filter(None, told)), act)


def _exchanges_note(found: AtOnce) -> str:
    """Return how many could also exchange and are not named here, or that nobody known could."""
    asked = found.exchanges
    if asked is None:
        return ""
    matter = asked.matter[:1].lower() + asked.matter[1:]
    if not asked.sites and asked.others == 0:
        return f"Échanges de matière ({matter}) : personne de connu à {_REACH} km ne dit pouvoir en {asked.does}."
    if asked.others == 0:
        return ""
    also = "aussi " if asked.sites else ""
    if asked.others is None:
        told = f"moins de trois établissements pourraient {also}en {asked.does}"
    else:
        told = f"{french.counted(asked.others, 'établissement')} pourraient {also}en {asked.does}"
    return f"{french.capital(told)}, d’après des échanges connus ailleurs : votre contact vous dit lesquels."


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
