"""One French sentence for each kind of event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vigie.domain.french import identifier
from vigie.domain.relations import EventKind
from vigie.sources import nomenclature

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_STATUS = {"O": "diffusion complète", "P": "diffusion partielle"}


def event_sentence(kind: EventKind, row: Mapping[str, Any]) -> str:
    """Return what happened, without the name of the establishment, which stands beside.

    `row` has the columns of the table of events and the names of the communes. A value that the event does not
    hold (masked, or unknown) is left out of the sentence.
    """
    return _SENTENCES[kind](row) or kind.label


def _moved(row: Mapping[str, Any]) -> str:
    here, there = row["commune_name"] or row["commune"], row["other_commune_name"] or row["other_commune"]
    arrives = row["before"] is not None and row["before"] != row["siret"]
    if here is None:
        return ""
    if there == here:
        return f"a déménagé dans la même commune\u00a0: {here}"
    if there is None:
        return f"a déménagé\u00a0: désormais {here}" if arrives else f"a quitté {here}"
    left, reached = (there, here) if arrives else (here, there)
    return f"a quitté {left} pour {reached}"


def _transferred(row: Mapping[str, Any]) -> str:
    if row["before"] is not None and row["before"] != row["siret"]:
        return f"reprend l’activité du site {identifier(row['before'])}"
    if row["after"] is not None and row["after"] != row["siret"]:
        return f"son activité est reprise par le site {identifier(row['after'])}"
    return ""


def _changed(what: str, worded: Callable[[str], str]) -> Callable[[Mapping[str, Any]], str]:
    def sentence(row: Mapping[str, Any]) -> str:
        before, after = (None if row[side] is None else worded(row[side]) for side in ("before", "after"))
        if before and after:
            return f"{what}\u00a0: de {before} à {after}"
        if after:
            return f"{what}\u00a0: désormais {after}"
        return f"{what}\u00a0: n’est plus {before}" if before else ""

    return sentence


def _size(band: str) -> str:
    found = nomenclature.size_band(band)
    return f"«\u00a0{found.label}\u00a0»" if found else f"la tranche {band}"


def _activity(code: str) -> str:
    label = nomenclature.label(code)
    return f"{code} ({label})" if label else code


def _quoted(text: str) -> str:
    return f"«\u00a0{text}\u00a0»"


def _at(word: str) -> Callable[[Mapping[str, Any]], str]:
    def sentence(row: Mapping[str, Any]) -> str:
        place = row["commune_name"] or row["commune"]
        return f"{word}\u00a0: {place}" if place else ""

    return sentence


def _judged(word: str) -> Callable[[Mapping[str, Any]], str]:
    def sentence(row: Mapping[str, Any]) -> str:
        return f"{word} ({row['court']})" if row.get("court") else word

    return sentence


_SENTENCES: Mapping[EventKind, Callable[[Mapping[str, Any]], str]] = {
    EventKind.CREATION: _at("création"),
    EventKind.CLOSURE: _at("fermeture"),
    EventKind.REOPENING: _at("réouverture"),
    EventKind.MOVE: _moved,
    EventKind.TRANSFER: _transferred,
    EventKind.ACTIVITY: _changed("activité", _activity),
    EventKind.SIZE: _changed("effectif", _size),
    EventKind.NAME: _changed("nom", _quoted),
    EventKind.STATUS: _changed("diffusion", lambda code: _STATUS.get(code, code)),
    EventKind.SAFEGUARD: _judged("procédure de sauvegarde ouverte"),
    EventKind.RECOVERY: _judged("redressement judiciaire ouvert"),
    EventKind.LIQUIDATION: _judged("liquidation judiciaire prononcée"),
    EventKind.PROCEEDING: _judged("suite d’une procédure : plan, clôture ou autre décision"),
    EventKind.SALE: _judged("fonds vendu ou cédé"),
    EventKind.STRIKING_OFF: _judged("entreprise radiée du registre"),
    EventKind.ACCOUNTS: _judged("comptes déposés"),
}
