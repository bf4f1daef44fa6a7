"""Organisations: what they are, the territory they answer for, how long their records are kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Role, Scope, Thing
from vigie.domain.accounts import LegalBasis, OrganisationKind
from vigie.domain.zones import ZONES, zone_of_territory
from vigie.errors import FieldFault, NotFound
from vigie.services.accounts.once import writing_once
from vigie.services.accounts.words import clean_territory, clean_text
from vigie.store.journal.base import new_id
from vigie.store.journal.people import Organisation
from vigie.store.journal.unit import AlreadyDone, version_of

if TYPE_CHECKING:
    from vigie.store.journal.port import Journal, Reader


_BY_EYE = {
    "β": "b", "ь": "b", "є": "e", "ε": "e", "κ": "k", "к": "k", "м": "m", "η": "n", "и": "n", "п": "n", "я": "r",
    "χ": "x", "ł": "l", "ø": "o", "đ": "d",
}  # fmt: skip
"""Small letters that Unicode's list gives no Latin letter, and that an eye takes for one."""
_ONE = str.maketrans({"0": "o", "1": "i", "l": "i", "|": "i", "w": "vv", "m": "rn"})
"""Signs of the Latin alphabet that read alike, made one."""
LONGEST_MONTHS, PROSPECTING_MONTHS = 1200, 36

_HOSTS = "Ils disent à tous de qui viennent les propos publics."


@dataclass(frozen=True, slots=True)
class Charter:
    """What an organisation says of itself; `retention_months` above 36 needs the visa of the archive schedule.

    An empty `zone` is the one that it has, or for a new organisation that of its territory.
    """

    name: str
    territory: str = ""
    cog: int | None = None
    legal_basis: str = LegalBasis.PUBLIC_MISSION.value
    retention_months: int = PROSPECTING_MONTHS
    retention_visa: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """An organisation as its members and the host see it."""

    id: str
    kind: str
    charter: Charter
    version: str

    def as_dict(self) -> dict[str, Any]:
        """Return the organisation as machine-readable answers print it."""
        told = self.charter
        return {
            "id": self.id,
            "name": told.name,
            "kind": self.kind,
            "territory": told.territory,
            "cog": told.cog,
            "legal_basis": told.legal_basis,
            "retention_months": told.retention_months,
            "retention_visa": told.retention_visa,
            "zone": told.zone,
            "version": self.version,
        }


class Organisations:
    """Makes, lists, reads and changes organisations."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def create(self, scope: Scope, charter: Charter, kind: str) -> Described:
        """Make an organisation; the host only. Raises `FieldFault` when a word will not do."""
        scope.require(Thing.INSTALLATION, Right.WRITE)
        checked = _checked(charter)
        try:
            known = OrganisationKind(kind)
        except ValueError:
            names = ", ".join(one.value for one in OrganisationKind)
            raise FieldFault("sorte", f"Sorte inconnue : choisissez parmi {names}.") from None
        made = Organisation(
            id=new_id(),
            kind=known.value,
            **asdict(replace(checked, zone=checked.zone or zone_of_territory(checked.territory))),
        )
        try:
            with self._journal.writing(scope) as unit:
                unit.act("organisation.created", made.id)
                require_free(unit, made.name, made.territory)
                unit.add(made)
                unit.flush()
                return _told(made)
        except AlreadyDone as done:
            with self._journal.reading(scope) as reader:
                return _told(reader.get(Organisation, done.subject))

    def all(self, scope: Scope) -> tuple[Described, ...]:
        """Return every organisation, by name; the host only."""
        scope.require(Thing.INSTALLATION, Right.READ)
        with self._journal.reading(scope) as reader:
            rows = reader.all(select(Organisation).where(Organisation.deleted_at.is_(None)))
            return tuple(_told(row) for row in sorted(rows, key=lambda row: (row.name.casefold(), row.id)))

    def joinable(self) -> tuple[Described, ...]:
        """Return the organisations that inhabitants may join: those that answer for a territory. Anybody may ask."""
        statement = select(Organisation).where(
            Organisation.deleted_at.is_(None),
            Organisation.territory != "",
            Organisation.kind.in_((OrganisationKind.AUTHORITY.value, OrganisationKind.AGENCY.value)),
        )
        with self._journal.reading(Scope()) as reader:
            rows = reader.all(statement)
            return tuple(_told(row) for row in sorted(rows, key=lambda row: (row.name.casefold(), row.id)))

    def mine(self, scope: Scope) -> Described:
        """Return the organisation that the asker acts in; raises `NotFound` when there is none."""
        if not scope.person and scope.role is not Role.SUPER_ADMIN:
            raise NotFound(ABSENT)
        with self._journal.reading(scope) as reader:
            return _told(reader.get(Organisation, scope.organisation))

    def entitle(self, scope: Scope, identifier: str, name: str, territory: str) -> Described:
        """Give an organisation another name or territory, as the host.

        Raises `FieldFault` when the name reads like another's, or another answers for the territory.
        """
        scope.require(Thing.INSTALLATION, Right.WRITE)
        kept, place = clean_text(name, "nom", "le nom de l’organisation", 200), clean_territory(territory)
        with writing_once(self._journal, scope.within(identifier)) as unit:
            held = unit.get(Organisation, identifier)
            unit.act("organisation.changed", held.id)
            require_free(unit, kept, place, held.id)
            held.name, held.territory = kept, place
        with self._journal.reading(scope) as reader:
            return _told(reader.get(Organisation, identifier))

    def change(self, scope: Scope, charter: Charter) -> Described:
        """Change what the organisation says of itself; raises `FieldFault` when a word will not do.

        Its name and its territory are the host's to change.
        """
        scope.require(Thing.ACCOUNTS, Right.WRITE)
        checked = _checked(charter)
        with writing_once(self._journal, scope) as unit:
            held = unit.get(Organisation, scope.organisation)
            unit.act("organisation.changed", held.id)
            if not scope.may(Thing.INSTALLATION, Right.WRITE):
                _require_kept(held, checked)
            else:
                require_free(unit, checked.name, checked.territory, held.id)
            unit.change(held, asdict(replace(checked, zone=checked.zone or held.zone)))
        return self.mine(scope)


def _require_kept(held: Organisation, charter: Charter) -> None:
    if charter.name != held.name:
        raise FieldFault("nom", f"Le nom se change par l’hébergeur : demandez-le-lui. {_HOSTS}")
    if charter.territory != held.territory:
        raise FieldFault("territoire", f"Le territoire se change par l’hébergeur : demandez-le-lui. {_HOSTS}")


def _checked(charter: Charter) -> Charter:
    months, visa = charter.retention_months, " ".join(charter.retention_visa.split())
    if charter.legal_basis not in {basis.value for basis in LegalBasis}:
        raise FieldFault("base_legale", "Choisissez 6-1-e (mission d’intérêt public) ou 6-1-f (intérêt légitime).")
    if not 1 <= months <= LONGEST_MONTHS:
        raise FieldFault("duree", f"La durée se compte en mois, de 1 à {LONGEST_MONTHS}.")
    if months > PROSPECTING_MONTHS and not visa:
        raise FieldFault(
            "visa", "Au-delà de 36 mois, indiquez la référence du visa des Archives ou du tableau de gestion."
        )
    if charter.zone and charter.zone not in ZONES:
        raise FieldFault("fuseau", f"Choisissez un fuseau parmi {', '.join(ZONES)}.")
    if len(visa) > 200:
        raise FieldFault("visa", "La référence compte 200 caractères au plus.")
    if charter.cog is not None and not 2000 <= charter.cog <= 2100:
        raise FieldFault("cog", "Le millésime du code officiel géographique est une année, comme 2026.")
    return Charter(
        name=clean_text(charter.name, "nom", "le nom de l’organisation", 200),
        territory=clean_territory(charter.territory),
        cog=charter.cog,
        legal_basis=charter.legal_basis,
        retention_months=months,
        retention_visa=visa,
        zone=charter.zone,
    )


def _told(row: Organisation) -> Described:
    return Described(
        row.id,
        row.kind,
        Charter(row.name, row.territory, row.cog, row.legal_basis, row.retention_months, row.retention_visa, row.zone),
        version_of(row),
    )


def reads_alike(one: str, other: str) -> bool:
    """Tell whether two names are seen as the same one: whatever their case, accents, spaces, signs and alphabet.

    >>> reads_alike("Communauté d’Alba", "COMMUNAUTE D'\u0410LBA")
    True
    """
    return bool(_seen(one) & _seen(other))


def _seen(name: str) -> frozenset[str]:
    """Return what an eye keeps of a name: each sign by its Latin look-alike, before its case is dropped or after."""
    looks, before, after = _lookalikes(), "", ""
    for sign in unicodedata.normalize("NFD", name):
        plain = unicodedata.normalize("NFKD", sign)
        before += looks.get(sign, plain).casefold()
        after += "".join(looks.get(low, _BY_EYE.get(low, low)) for low in plain.casefold())
    return frozenset(
        "".join(sign for sign in text.casefold().translate(_ONE) if sign.isalnum()) for text in (before, after)
    )


@cache
def _lookalikes() -> Mapping[str, str]:
    """Return the Latin letters that each sign reads like, as Unicode lists them (`tools/write_lookalikes.py`)."""
    text = (files("vigie.services.accounts") / "lookalikes.txt").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {sign: letters for letters, signs in lines for sign in signs}


def require_free(reader: Reader, name: str, territory: str, besides: str = "") -> None:
    """Raise `FieldFault` when another organisation has a name that reads alike, or answers for the territory."""
    others = reader.all(select(Organisation).where(Organisation.deleted_at.is_(None), Organisation.id != besides))
    if any(reads_alike(one.name, name) for one in others):
        raise FieldFault(
            "nom", "Une autre organisation porte ce nom, ou un nom qui se lit comme lui : choisissez-en un."
        )
    if territory and any(one.territory == territory for one in others):
        raise FieldFault("territoire", "Une autre organisation répond déjà de ce territoire.")
