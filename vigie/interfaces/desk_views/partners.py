"""The page of the partners that could be proposed to a firm, for its officer or for its head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain import french
from vigie.interfaces.present_firm import DIRECTORY
from vigie.interfaces.views import Link, TableView
from vigie.services.connect.kinds import KINDS
from vigie.services.connect.proposals import NOTHING_SAID

if TYPE_CHECKING:
    from vigie.services.connect.proposals import PartnerProposal, Proposals


MINE = "/bureau/mon-entreprise/partenaires"
_SIREN = 9
"""Digits of the number of a firm, with which that of a site begins."""


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """One partner that could be proposed; `reasons` is the table of its features."""

    name: str
    href: str
    about: str
    kind: str
    sentence: str
    confidence: str
    notice: str
    act: Link
    reasons: TableView


@dataclass(frozen=True, slots=True)
class PartnersPage:
    """`desk/partners.html`: who could work with a firm, and why."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    kinds: tuple[Link, ...]
    lines: tuple[PartnerLine, ...]
    notes: tuple[str, ...]
    weights: str
    situation: Link | None
    unsaid: str = ""


def partners_of(siren: str) -> str:
    """Return the address of the page of a firm."""
    return f"/bureau/entreprise/{siren}/partenaires"


def partners_page(siren: str, found: Proposals, kind: str, *, own: bool = False, situation: str = "") -> PartnersPage:
    """Return the page of the proposals made to a firm, of one kind or of all; `own` for its head, who asks to meet.

    `situation` is where that of the firm is said, empty for who may not say it.
    """
    here, firm = MINE if own else partners_of(siren), f"/entreprise/{siren}"
    told = french.counted(len(found.proposals), "partenaire possible", "partenaires possibles")
    looked = french.counted(found.considered, "employeur regardé", "employeurs regardés")
    unsaid = NOTHING_SAID if NOTHING_SAID in found.notes else ""
    kinds = [Link("Toutes les sortes", here if kind else "")]
    kinds += [Link(one.label, "" if word == kind else f"{here}?sorte={word}") for word, one in KINDS.items()]
    return PartnersPage(
        title=f"Partenaires possibles : {found.name}",
        lead=f"{french.capital(told)} autour de {found.name}, parmi {looked}."
        if found.proposals
        else "Personne à proposer pour l’instant.",
        trail=(DIRECTORY, Link(found.name, firm), Link("Partenaires possibles")),
        kinds=tuple(kinds),
        lines=tuple(_line(one, _act(siren, one, own)) for one in found.proposals),
        notes=tuple(note for note in found.notes if note not in (NOTHING_SAID, found.weights)),
        weights=found.weights,
        situation=Link("Dire sa situation" if unsaid else "Sa situation", situation) if situation else None,
        unsaid=unsaid,
    )


def _act(siren: str, one: PartnerProposal, own: bool) -> Link:
    """Return the one act a proposal leads to."""
    other = one.siret[:_SIREN]
    if own:
        return Link(
            "Demander une mise en relation", f"/bureau/mises-en-relation/demander?{urlencode({'siren': other})}"
        )
    return Link("Préparer", f"/bureau/mises-en-relation/nouvelle?{urlencode({'siren_a': siren, 'avec': other})}")


def _line(one: PartnerProposal, act: Link) -> PartnerLine:
    distance = f"{french.number(one.kilometres, 1)} km" if one.kilometres is not None else ""
    return PartnerLine(
        name=one.name,
        href=f"/etablissement/{one.siret}",
        about=" · ".join(filter(None, (one.activity, one.commune, distance))),
        kind=one.kind.label,
        sentence=one.sentence,
        confidence=f"Confiance {one.confidence}. {one.would_change}".strip(),
        notice=one.notice,
        act=act,
        reasons=TableView(
            caption=f"Ce qui compte pour {one.name}",
            columns=("Raison", "Mesure", "Poids", "Apport"),
            rows=tuple(
                (
                    feature.label,
                    french.UNKNOWN if feature.value is None else french.number(feature.value, 2),
                    french.number(feature.weight, 1),
                    french.number(feature.contribution, 2),
                )
                for feature in one.score.features
            ),
            numeric=(False, True, True, True),
        ),
    )
