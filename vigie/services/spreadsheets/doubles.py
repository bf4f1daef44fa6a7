"""What lines may be the same as: dossiers already there, lines above; an empty value is never the same as another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rapidfuzz.fuzz import token_set_ratio
from sqlalchemy import select

from vigie.domain.addresses import address_key
from vigie.domain.spreadsheets import ColumnMeaning, LineDecision
from vigie.services.territory_search import plain
from vigie.store.journal.followup import Contact, Dossier

if TYPE_CHECKING:
    from vigie.services.spreadsheets.lines import LineInReview
    from vigie.store.journal.port import Reader

_WHYS = {
    "dossier": "même numéro de dossier",
    "siret": "même SIRET",
    "siren": "même SIREN",
    "email": "même courriel de contact",
    "name": "mêmes nom et commune",
}
"""By what two things are taken for the same, the surest first."""
MOST = 4
_SAME_NAME = 90.0
"""Share of common words (0 to 100) from which two names are one firm's; legal forms and word order are forgiven."""


@dataclass(slots=True)
class KnownDossiers:
    """Dossiers and lines by what can make them the same; only what is filled in is a key."""

    by: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    siren: dict[str, str] = field(default_factory=dict)
    title: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, title: str, siren: str, traits: Iterable[tuple[str, str]]) -> None:
        """Remember something by its traits."""
        self.siren[key], self.title[key] = siren, title
        for trait in traits:
            if key not in self.by[trait]:
                self.by[trait].append(key)

    def same(self, siren: str, traits: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return (what is the same, why), the surest first; two different SIREN are never the same firm."""
        found: dict[str, str] = {}
        for trait in traits:
            for key in self.by.get(trait, ()):
                alike = trait[0] == "dossier" or not siren or not self.siren[key] or self.siren[key] == siren
                if alike and key not in found:
                    found[key] = _WHYS[trait[0]]
        return list(found.items())[:MOST]


def existing(reader: Reader) -> KnownDossiers:
    """Return the live dossiers of the organisation, with the addresses of their contacts."""
    known = KnownDossiers()
    mails: dict[str, list[str]] = defaultdict(list)
    live = (Contact.deleted_at.is_(None), Contact.email.is_not(None))
    for dossier, email in reader.rows(select(Contact.dossier_id, Contact.email).where(*live)):
        mails[dossier].append(email)
    columns = (Dossier.id, Dossier.title, Dossier.siren, Dossier.siret, Dossier.commune)
    wanted = (Dossier.deleted_at.is_(None), Dossier.erased_at.is_(None))
    for row in reader.rows(select(*columns).where(*wanted).order_by(Dossier.created_at, Dossier.id)):
        traits = _traits(row.id, row.siret, row.siren, mails.get(row.id, ()), row.title or "", row.commune)
        known.add(row.id, row.title or "sans titre", row.siren, traits)
    return known


def review(lines: Sequence[LineInReview], known: KnownDossiers) -> None:
    """Find what each line may be the same as, and propose what to do with it: to complete the first that is sure.

    A contact may speak for two firms: the same address beside another name is shown, and nothing is chosen for it.
    """
    seen = KnownDossiers()
    for line in lines:
        line.doubles, line.decision, line.target = [], LineDecision.CREATE.value, ""
        if line.left_out:
            continue
        traits = list(_of_line(line))
        line.doubles = [
            *({"dossier": key, "title": known.title[key], "why": why} for key, why in known.same(line.siren, traits)),
            *({"line": key, "title": seen.title[key], "why": why} for key, why in seen.same(line.siren, traits)),
        ]
        sure = next((double for double in line.doubles if _is_sure(double, line.title)), None)
        if sure is not None:
            line.decision, line.target = LineDecision.MERGE.value, target_of(sure)
        seen.add(str(line.line), line.title, line.siren, traits)


def _is_sure(double: dict[str, Any], title: str) -> bool:
    return double["why"] != _WHYS["email"] or token_set_ratio(plain(double["title"]), plain(title)) >= _SAME_NAME


def target_of(double: dict[str, Any]) -> str:
    """Return how a decision names a dossier, or a line of the file (`#12`)."""
    return double.get("dossier") or f"#{double['line']}"


def _of_line(line: LineInReview) -> Iterable[tuple[str, str]]:
    return _traits(
        line.get(ColumnMeaning.DOSSIER), line.get(ColumnMeaning.SIRET), line.siren,
        [line.get(ColumnMeaning.EMAIL)], line.get(ColumnMeaning.NAME), line.get(ColumnMeaning.COMMUNE),
    )  # fmt: skip


def _traits(
    dossier: str, siret: str, siren: str, mails: Iterable[str], name: str, commune: str
) -> Iterable[tuple[str, str]]:
    pairs = [("dossier", dossier), ("siret", siret), ("siren", siren)]
    pairs += [("email", address_key(mail)) for mail in mails if mail]
    spelled = plain(name)
    # A name alone is not enough: without a commune, two homonyms would be one.
    pairs.append(("name", f"{spelled}|{commune}" if spelled and commune else ""))
    return [(kind, value) for kind, value in pairs if value]
