"""Who could answer a need told in words: by trade alone, one firm that covers it all, else the smallest team."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from vigie.domain.capabilities import CapabilityKind
from vigie.domain.declarations import competition_warning
from vigie.domain.firm_names import usual_case
from vigie.domain.french import counted, listed
from vigie.domain.needs import need_fault
from vigie.errors import FieldFault
from vigie.services.connect.capabilities import capabilities_of
from vigie.services.know import SearchRequest
from vigie.services.relatedness.reading import activity_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.domain.capabilities import CapabilityTerm, RecognisedTerm
    from vigie.services.know import DirectoryEntry, Know

LEAST_TOLD = 3
"""Fewest establishments that a count tells of: below, one could be found again."""
_LOOKED_AT = 100
_SHOWN = 20
# A need of more processes than this is several needs: the first ones are answered, and it is said.
_MOST_PROCESSES = 6
BY_TRADE = "Probable d’après l’activité seule : rien ne dit que l’entreprise le fait ni qu’elle est disponible."


@dataclass(frozen=True, slots=True)
class ActivityAnswer:
    """An activity that does what is needed: how many establishments, `None` below three; what of the need it covers."""

    naf: str
    label: str
    establishments: int | None
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirmAnswer:
    """An establishment whose activity does some of what is needed, and what of the need it covers."""

    siret: str
    name: str
    activity: str
    commune: str
    covers: tuple[str, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class NeedAnswer:
    """What a need was understood to ask, who could help, the smallest team, what is not covered, what is to be said."""

    text: str
    capabilities: tuple[RecognisedTerm, ...]
    activities: tuple[ActivityAnswer, ...]
    firms: tuple[FirmAnswer, ...]
    team: tuple[FirmAnswer, ...]
    uncovered: tuple[str, ...]
    notes: tuple[str, ...]
    simulated: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as the machine-readable answers print it."""
        return {
            "text": self.text,
            "capabilities": [one.as_dict() for one in self.capabilities],
            "activities": [asdict(one) for one in self.activities],
            "firms": [asdict(one) for one in self.firms],
            "team": [asdict(one) for one in self.team],
            "uncovered": list(self.uncovered),
            "notes": list(self.notes),
            "simulated": self.simulated,
        }


def answer_need(know: Know, text: str, within: str) -> NeedAnswer:
    """Return who could help with a need, among the employers open in a territory; sole traders are left out.

    Raises `FieldFault` for words that are no need, or that hold a price; `NotFound` for an unknown territory.
    """
    fault = need_fault(text) or competition_warning(text)
    if fault:
        raise FieldFault("text", fault)
    told = capabilities_of(text)
    processes = [one.term for one in told if one.term.kind is CapabilityKind.PROCESS]
    kept = processes[:_MOST_PROCESSES]
    by_naf: dict[str, list[CapabilityTerm]] = {}
    for term in kept:
        by_naf.setdefault(term.naf, []).append(term)
    if by_naf:
        found = {naf: know.search(_request(naf, within)) for naf in by_naf}
        activities = tuple(_activity(naf, found[naf].total, terms) for naf, terms in by_naf.items())
        entries = [(entry, by_naf[naf]) for naf in by_naf for entry in found[naf].results]
        simulated = any(one.simulated for one in found.values())
    else:
        in_words = know.search(SearchRequest(text=text, within=(within,), employer=True, per_page=_LOOKED_AT))
        activities, simulated = _in_words(in_words.results), in_words.simulated
        entries = [(entry, []) for entry in in_words.results]
    firms = [_firm(entry, terms) for entry, terms in entries if entry.natural_person is False and not entry.masked]
    team = smallest_team([term.label for term in kept], firms)
    covered = {label for one in team for label in one.covers}
    uncovered = tuple(term.label for term in kept if term.label not in covered)
    return NeedAnswer(
        text,
        told,
        activities,
        tuple(firms[:_SHOWN]),
        tuple(team),
        uncovered,
        _notes(processes, firms, uncovered),
        simulated,
    )


def smallest_team(asked: Sequence[str], firms: Sequence[FirmAnswer]) -> list[FirmAnswer]:
    """Return one firm that covers all that is asked, else as few as it takes: who covers most of what is left, in turn.

    Firms are taken in their order when they cover as much; what nobody covers is left out. Cost: O(firms · asked).
    """
    left, team = set(asked), []
    while left:
        best = max(firms, key=lambda one: len(left & set(one.covers)), default=None)
        if best is None or not left & set(best.covers):
            break
        team.append(best)
        left -= set(best.covers)
    return team


def _request(naf: str, within: str) -> SearchRequest:
    return SearchRequest(naf=(naf,), within=(within,), employer=True, sort="size", per_page=_LOOKED_AT)


def _in_words(entries: Sequence[DirectoryEntry]) -> tuple[ActivityAnswer, ...]:
    """Return the activities that several of the establishments found by words share, the most frequent first."""
    held = Counter(entry.naf for entry in entries if entry.naf and not entry.masked)
    several = [(naf, number) for naf, number in held.most_common(_MOST_PROCESSES) if number >= LEAST_TOLD]
    return tuple(ActivityAnswer(naf, activity_name(naf), number, ()) for naf, number in several)


def _activity(naf: str, total: int, terms: Sequence[CapabilityTerm]) -> ActivityAnswer:
    shown = total if total >= LEAST_TOLD or not total else None
    return ActivityAnswer(naf, activity_name(naf), shown, tuple(term.label for term in terms))


def _firm(entry: DirectoryEntry, terms: Sequence[CapabilityTerm]) -> FirmAnswer:
    covers = tuple(term.label for term in terms)
    name = entry.name or entry.usual_name or entry.sign or "nom non connu"
    activity = activity_name(entry.naf) if entry.naf else "activité non connue"
    evidence = f"son activité fait d’habitude : {listed(list(covers))}" if covers else "répond aux mots du besoin"
    return FirmAnswer(entry.siret, usual_case(name), activity, entry.commune_name or "", covers, evidence)


def _notes(
    processes: Sequence[CapabilityTerm], firms: Sequence[FirmAnswer], uncovered: Sequence[str]
) -> tuple[str, ...]:
    notes = [BY_TRADE] if firms else ["Personne de chargé ici ne répond à ce besoin : élargissez le territoire."]
    if not processes:
        notes.append("Aucun procédé du vocabulaire n’est nommé : la réponse vient des mots seuls.")
    if len(processes) > _MOST_PROCESSES:
        told = counted(len(processes), "procédé nommé", "procédés nommés")
        notes.append(f"{told} : seuls les {_MOST_PROCESSES} premiers sont cherchés.")
    if uncovered and firms:
        notes.append(f"Personne ici ne couvre : {listed(list(uncovered))}.")
    return tuple(notes)
