"""One door for a need: who could help, exchanges of matter, calls, aids, advisers, answered at once, kept nowhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from vigie.domain import french
from vigie.domain.access import Right, Thing
from vigie.domain.capabilities import CapabilityKind
from vigie.domain.levers import Applicant, Holds, traits
from vigie.errors import FieldFault, NotFound, Objected, RequestFault
from vigie.services.advising.subjects import subjects_of
from vigie.services.aids.answering import Fit, Listing, State, days_in_words, fitting, missing, page_of
from vigie.services.aids.asker import asker_of, told_of
from vigie.services.aids.book import book_of
from vigie.services.connect.answering_needs import LEAST_TOLD, NeedAnswer, answer_need
from vigie.services.connect.capabilities import capabilities_of
from vigie.services.questions import DataInService
from vigie.services.symbiosis.flows import said_by_firms
from vigie.services.symbiosis.for_needs import exchanges_for, matter_said

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.domain.advising import AdviceSubject
    from vigie.services.advising.routing import Advising, RoutedAdviser
    from vigie.services.calls.answers import NearCall
    from vigie.services.calls.reading import CallReading
    from vigie.services.connect.answering_needs import ActivityAnswer, FirmAnswer
    from vigie.services.firms.flows import FlowsDeclared
    from vigie.services.know import Know
    from vigie.services.symbiosis.for_needs import NeedExchanges

_CALLS, _AIDS, _ADVISERS, _FIRMS = 3, 3, 3, 8
"""What a phone shows without getting lost; each list leads to the whole of it."""
NOT_LOADED = "Aucune entreprise n’est chargée ici : qui pourrait aider n’est pas connu."


class LoadedData(DataInService, Protocol):
    """Data in service, with the directory as people ask it."""

    @property
    def know(self) -> Know:
        """Return the directory."""


@dataclass(frozen=True, slots=True)
class FoundAid:
    """A scheme that speaks of a need and refuses nobody known: its page, its dates, what is to be checked."""

    title: str
    href: str
    promise: str
    days: str
    fit: str


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What is answered to a need without waiting for anybody.

    `activities` count establishments around, three at least or `None`; `firms` and `team` are for officers alone.
    `commune` is a code, `around` the key of the territory looked at, `subjects` what the need is about, which routes it
    to `advisers`; `exchanges` is `None` where the need speaks of no matter to give or take.
    """

    commune: str
    around: str
    asks: tuple[str, ...]
    activities: tuple[ActivityAnswer, ...]
    firms: tuple[FirmAnswer, ...]
    team: tuple[FirmAnswer, ...]
    calls: tuple[NearCall, ...]
    aids: tuple[FoundAid, ...]
    subjects: tuple[AdviceSubject, ...]
    advisers: tuple[RoutedAdviser, ...]
    notes: tuple[str, ...]
    simulated: bool
    exchanges: NeedExchanges | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as the machine-readable answers print it; the words of the need are not repeated."""
        told = asdict(self)
        for call in told["calls"]:
            call["closes_on"] = call["closes_on"].isoformat() if call["closes_on"] else None
        return told


class AnsweringAtOnce:
    """Answers needs from what is loaded and what the journal publishes; writes nothing."""

    def __init__(self, calls: CallReading, advising: Advising, flows: FlowsDeclared) -> None:
        self._calls, self._advising, self._flows = calls, advising, flows

    def answer(self, scope: Scope, data: LoadedData | None, text: str, place: tuple[str, str]) -> AtOnce:
        """Return who and what could help with a need said in a commune, by a firm or not.

        `place` is the code of the commune and the SIREN, empty without a firm. Firms are named to those who read
        dossiers; anybody else reads activities and counts. `data` is `None` where nothing is loaded.
        """
        commune, siren = place
        asker, number = _asker(data, siren, commune)
        subjects = subjects_of(text)
        # Premises, money, hiring, what is left over: firms whose names happen to share a word would only mislead.
        elsewhere = (subjects or matter_said(text)) and not _names_a_process(text)
        found, notes = (None, ()) if elsewhere else _who(data, text, commune)
        named = scope.may(Thing.DOSSIERS, Right.READ)
        return AtOnce(
            commune=commune,
            around=_around(commune),
            asks=tuple(one.term.label for one in found.capabilities) if found else (),
            activities=_counted(found.activities) if found else (),
            firms=found.firms[:_FIRMS] if found and named else (),
            team=found.team if found and named and len(found.team) > 1 else (),
            calls=self._calls.speaking_of(scope, text, _CALLS),
            aids=_aids(data, text, asker, number) if data else (),
            subjects=subjects,
            advisers=self._advisers(subjects, commune, asker),
            notes=notes,
            simulated=bool(found and found.simulated),
            exchanges=self._exchanges(scope, data, text, place),
        )

    def _exchanges(
        self, scope: Scope, data: LoadedData | None, text: str, place: tuple[str, str]
    ) -> NeedExchanges | None:
        """Return who could take or give what a need speaks of, from what firms say as far as the asker may read it."""
        if data is None or matter_said(text) is None:
            return None
        declared = said_by_firms(self._flows.readable(scope))
        concerned = scope.may(Thing.DOSSIERS, Right.READ) or bool(place[1] and scope.siren == place[1])
        return exchanges_for(data, text, place, declared, every_name=concerned)

    def _advisers(
        self, subjects: tuple[AdviceSubject, ...], commune: str, asker: Applicant
    ) -> tuple[RoutedAdviser, ...]:
        routed = (self._advising.route(subject, commune, asker).advisers for subject in subjects)
        return tuple(dict.fromkeys(one for advisers in routed for one in advisers))[:_ADVISERS]


def _names_a_process(text: str) -> bool:
    return any(one.term.kind is CapabilityKind.PROCESS for one in capabilities_of(text))


def _who(data: LoadedData | None, text: str, commune: str) -> tuple[NeedAnswer | None, tuple[str, ...]]:
    """Return who could help; a need that holds a price is answered by nobody, and the reason is said."""
    if data is None:
        return None, (NOT_LOADED,)
    try:
        found = answer_need(data.know, text, _around(commune))
    except FieldFault as fault:
        return None, (str(fault),)
    except NotFound:  # a territory of which nothing is loaded
        return None, (NOT_LOADED,)
    return found, tuple(note for note in found.notes if note)


def _around(commune: str) -> str:
    """Return the key of the département of a commune: who can help is seldom of the same commune."""
    return f"departement:{commune[:3] if commune.startswith(('97', '98')) else commune[:2]}"


def _counted(activities: tuple[ActivityAnswer, ...]) -> tuple[ActivityAnswer, ...]:
    """Return the activities that somebody has around, never with a count below three."""
    seen = (one for one in activities if one.establishments != 0)
    return tuple(
        one if one.establishments is None or one.establishments >= LEAST_TOLD else replace(one, establishments=None)
        for one in seen
    )


def _asker(data: LoadedData | None, siren: str, commune: str) -> tuple[Applicant, str]:
    """Return what is known of who asks, and the number that aids are answered for; a firm not shown is not known."""
    if data is not None and siren:
        try:
            firm = data.know.firm(siren)
        except (NotFound, RequestFault, Objected):
            pass
        else:
            site = next(iter(firm.establishments), None)
            return asker_of(data, told_of(firm.unit), told_of(site), french.today()), firm.siren
    return Applicant(traits("commune", [commune]), frozenset({"commune"})), ""


def _aids(data: LoadedData, text: str, asker: Applicant, number: str) -> tuple[FoundAid, ...]:
    book, on = book_of(data), french.today()
    if not book.schemes or not text.strip():
        return ()
    found = fitting(book, asker, Listing(text, State.OPEN, on))
    kept = [(one, holds) for one, holds in found if holds is not Holds.NO][:_AIDS]
    return tuple(
        FoundAid(
            one.title,
            page_of(one.id, number),
            one.promise,
            french.capital(days_in_words(one, on)),
            french.capital(
                Fit.NOTHING_AGAINST.value if holds is Holds.YES else f"à vérifier : {missing(one, holds, asker)}"
            ),
        )
        for one, holds in kept
    )
