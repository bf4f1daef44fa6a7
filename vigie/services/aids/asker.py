"""What is known of a firm, as conditions of schemes ask for it: place, activity, size, legal form, age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from vigie.domain.actors import SIZE_BANDS, Nomenclature, compact_identifier
from vigie.domain.firm_names import usual_case
from vigie.domain.levers import HEADCOUNT, YEARS, Applicant, traits
from vigie.errors import NotFound, Objected, RequestFault
from vigie.sources import cog, nomenclature
from vigie.sources.aid_conditions import ANY_ACTIVITY, FRANCE
from vigie.store.directory import DirectoryQuery
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from vigie.services.questions import DataInService

_DAYS_IN_YEAR = 365.25  # leap years included
_MICRO = 10
"""Employees from which a firm is no « micro-entreprise » in the sense of statistics."""
_SIREN = 9
_ONE = 1


@dataclass(frozen=True, slots=True)
class ApplyingFirm:
    """A firm that schemes are answered for: its number, how it is called, what is known of it."""

    number: str
    name: str
    asker: Applicant


def asking_firm(data: DataInService, key: str, on: date) -> ApplyingFirm:
    """Return what is known of a firm by its SIREN, or of one of its sites by its SIRET, on a day.

    Raises `RequestFault` when the text is neither, `NotFound` when it is not loaded, `Objected` when it objects.
    """
    digits = compact_identifier(key)
    if digits is None:
        raise RequestFault(f"« {key} » n’est ni un SIREN (9 chiffres) ni un SIRET (14 chiffres).")
    siren = digits[:_SIREN]
    if data.suppressions.holds(siren):
        raise Objected
    if len(digits) > _SIREN:
        site = data.directory.record(digits)
    else:
        found = data.directory.search(DirectoryQuery(text=siren, state=None, per_page=_ONE)).records
        site = next((one for one in found if one["siren"] == siren), None)
    unit = data.warehouse.record("legal_unit", siren)
    if site is None and unit is None:
        raise NotFound(f"Aucune entreprise {digits} parmi celles qui sont chargées.")
    told = unit or {}
    name = told.get("name") or told.get("usual_name") or (site or {}).get("name") or "cette entreprise"
    return ApplyingFirm(digits, usual_case(str(name)), asker_of(data, unit, site, on))


_KNOWN = ("commune", "naf", "naf25", "naf_nomenclature", "size_band", "created", "legal_category", "company_category",
          "natural_person")  # fmt: skip


def told_of(record: object | None) -> Mapping[str, Any]:
    """Return what the directory tells of a legal unit or of a site, as `asker_of` reads it; nothing of none."""
    return {name: getattr(record, name, None) for name in _KNOWN} if record is not None else {}


def asker_of(
    data: DataInService,
    unit: Mapping[str, Any] | None,
    site: Mapping[str, Any] | None,
    on: date,
    places: Mapping[str, frozenset[str]] | None = None,
) -> Applicant:
    """Return what is known of a firm from its legal unit and the site where it would use the aid.

    The place is that of the site; size, form and age are those of the legal unit. `places` are the territories of the
    site's commune by kind, read here unless given.
    """
    commune = (site or {}).get("commune")
    if places is None and commune:
        places = places_of(data, [commune]).get(commune)
    held = {kind: values for kind, values in _held(data, unit or {}, site or {}, places or {}) if values is not None}
    amounts: dict[str, tuple[float, float]] = {}
    band = (unit or {}).get("size_band")
    if band in SIZE_BANDS:
        low, high = SIZE_BANDS[band]
        amounts[HEADCOUNT] = low, float("inf") if high is None else high
    created = (unit or {}).get("created")
    if created is not None and created <= on:
        years = (on - created).days / _DAYS_IN_YEAR
        amounts[YEARS] = years, years
    partly = frozenset[str]() if "naf" in held else bridged(data, site or unit or {})
    return Applicant(frozenset({ANY_ACTIVITY}).union(partly, *held.values()), frozenset(held), amounts)


def _held(
    data: DataInService, unit: Mapping[str, Any], site: Mapping[str, Any], places: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, frozenset[str] | None]]:
    """Yield each kind of trait with what is known of it, `None` when it is not known."""
    for kind in ("pays", "region", "departement", "epci", "commune"):
        yield kind, places.get(kind)
    yield "programme", places.get("programme", frozenset()) if places and _zoned(data) else None
    record = site if site.get("naf") or site.get("naf25") else unit
    found = _activity(record)
    translated = bridge_of(data).get(record.get("naf25") or record.get("naf") or "", ())
    if found is None and len(translated) == 1:
        found = _with_ancestors(translated[0])
    yield "naf", found
    form = unit.get("legal_category")
    yield "forme", traits("forme", {form[:2], form}) if form else None
    yield "taille", _category(unit)
    # A sole trader may be under the scheme of « micro-entrepreneurs » or not: the register does not say.
    yield "microentrepreneur", frozenset() if unit.get("natural_person") is False else None


def places_of(data: DataInService, communes: Iterable[str]) -> dict[str, dict[str, frozenset[str]]]:
    """Return the territories of communes, as traits by kind, in one question."""
    wanted = sorted(set(communes))
    table = data.warehouse.table("membership")
    asked = parameter("communes", "array<string>").unnest().name("commune").as_table()
    held = table.filter(table.vintage == cog.latest_vintage()).semi_join(asked, "commune")
    found = {code: {"pays": traits("pays", [FRANCE]), "commune": traits("commune", [code])} for code in wanted}
    for row in data.warehouse.rows(held.select("commune", "kind", "code"), {"communes": wanted}):
        mine = found[row["commune"]]
        mine[row["kind"]] = mine.get(row["kind"], frozenset()) | traits(row["kind"], [row["code"]])
    return found


def _zoned(data: DataInService) -> bool:
    return any(source.startswith("zonage:") for source in data.loaded.vintage)


def _activity(record: Mapping[str, Any]) -> frozenset[str] | None:
    """Return the code of an activity and all those above it; unknown outside NAF rev. 2, which schemes speak."""
    code = record.get("naf")
    if not code or record.get("naf_nomenclature") != Nomenclature.NAF_REV2.value:
        return None
    return _with_ancestors(code) if code in nomenclature.tree() else None


def _with_ancestors(code: str) -> frozenset[str]:
    codes: list[str] = []
    above: str | None = code
    while above:
        codes.append(above)
        above = nomenclature.tree()[above].parent
    return traits("naf", codes)


def bridge_of(data: DataInService) -> Mapping[str, tuple[str, ...]]:
    """Return the codes of NAF rev. 2 that each code of NAF 2025 may be, as establishments bear both; read once."""
    known = _BRIDGES.get(data)
    if known is None:
        table, tree = data.warehouse.table("activity_bridge"), nomenclature.tree()
        found: dict[str, list[str]] = {}
        for row in data.warehouse.rows(table.select("naf", "naf25").order_by("naf25", "naf")):
            if row["naf"] in tree:
                found.setdefault(row["naf25"], []).append(row["naf"])
        known = _BRIDGES[data] = {code: tuple(codes) for code, codes in found.items()}
    return known


_BRIDGES: WeakKeyDictionary[Any, Mapping[str, tuple[str, ...]]] = WeakKeyDictionary()
"""One bridge for each generation in service; it leaves with the generation."""


def bridged(data: DataInService, record: Mapping[str, Any]) -> frozenset[str]:
    """Return what all the codes of NAF rev. 2 that a code of NAF 2025 may be have in common: a section, a division."""
    codes = bridge_of(data).get(record.get("naf25") or "", ())
    held = [_with_ancestors(code) for code in codes]
    return frozenset.intersection(*held) if held else frozenset()


def _category(unit: Mapping[str, Any]) -> frozenset[str] | None:
    """Return the category of size that Insee computes; a small firm may be a « micro-entreprise », its band says it."""
    category, band = unit.get("company_category"), unit.get("size_band")
    if category in ("ETI", "GE"):
        return traits("taille", [category])
    if category != "PME" or band not in SIZE_BANDS:
        return None
    low, high = SIZE_BANDS[band]
    if low >= _MICRO:
        return traits("taille", ["PME"])
    # The European definition counts micro-enterprises among the small and medium ones.
    return traits("taille", ["MIC", "PME"]) if high is not None and high < _MICRO else None
