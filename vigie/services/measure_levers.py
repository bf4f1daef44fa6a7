"""Levers measured on files handed in: schemes that help, people who advise, uses of a site. Nothing of it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vigie.domain.actors import SIZE_BANDS
from vigie.domain.french import listed
from vigie.domain.levers import HEADCOUNT, YEARS, Applicant, Condition, Filter, Scheme, Topic, traits
from vigie.errors import StructureFault
from vigie.measures.eligibility import ELIGIBLE, presented, statuses, tabled
from vigie.measures.routing import accepted
from vigie.measures.siting import USES, Weighing, weigh
from vigie.services.lever_files import Entry, read_entries, read_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Answer = dict[str, Any]
OPEN_TO_ALL = "Éligible à toutes les entreprises"
SIZES: Mapping[str, float] = {"EI": 1, "MICRO": 5, "TPE": 15, "PE": 40, "ME": 150, "ETI": 350, "GE": 600}
"""Persons that stand for a size when schemes are compared with it, as their producer does."""
ALONE, SOLE_TRADER = "EI", "1000"
"""Size and legal category of who works alone: together, what schemes closed to « micro-entreprises » refuse."""
THEMES = ("environmental", "eco-design", "waste", "water", "mobility", "energy", "building", "biodiversite", "rh")
_THEME_DROPPED: Mapping[str, tuple[str, frozenset[str]]] = {
    "environmental": ("recently_audited", frozenset({"oui"})),
    "eco-design": ("wastes_materials_objective", frozenset({"non"})),
    "waste": ("wastes_management_objective", frozenset({"non", "non-max"})),
    "water": ("water_reduction_objective", frozenset({"non"})),
    "mobility": ("sustainable_mobility_objective", frozenset({"non", "non-max"})),
    "energy": ("energy_reduction_objective", frozenset({"non"})),
    "building": ("building_property", frozenset({"non", "locataire"})),
}
"""Replies to the producer's questionnaire that take a theme away: what is not answered takes nothing away."""


def eligibility(programmes: Path, profiles: Path, *, ordered: bool = False) -> list[Any]:
    """Return one string for each profile, with a letter for each scheme in file order: E, N or X.

    E may be asked for, wholly or in part (what is not known never refuses), N is refused, X is closed or not yet open.
    With `ordered`, an object for each profile: `statuses`, and `kept`, the identifiers of what may be asked for in the
    order in which it is told. Raises `StructureFault` when a file is at fault.
    """
    schemes = [scheme_of(entry) for entry in read_entries(programmes, "programme")]
    _refuse_doubles(schemes, programmes)
    table, order = tabled(schemes), presented(schemes)
    found: list[Any] = []
    for entry in read_entries(profiles, "profil", "differentiel"):
        day = entry.day("date")
        if day is None:
            entry.fault("date", "le jour manque.", "Donnez le jour auquel répondre.")
        told = statuses(table, _profile(entry), day)
        kept = [schemes[rank].id for rank in order if told[rank] == ELIGIBLE]
        found.append({"statuses": told, "kept": kept} if ordered else told)
    return found


def scheme_of(entry: Entry) -> Scheme:
    """Return a scheme as the producer's structured file tells it; raises `StructureFault` for a field at fault."""
    opens, closes = entry.day("validite_debut"), entry.day("validite_fin")
    if opens and closes and closes < opens:
        entry.fault("validite_fin", "la fin est avant le début.")
    texts = {name: entry.inner("conditions_texte").texts(name) for name in entry.inner("conditions_texte").values}
    ages = texts.get("nombre d'années d'activité") or [entry.text("criteres_annees") or OPEN_TO_ALL]
    return Scheme(
        id=entry.text("id"),
        title=entry.text("titre"),
        conditions=tuple(_conditions(entry)),
        opens=opens,
        closes=closes,
        kind=entry.text("nature"),
        cost=entry.inner("montants").text("coût de l'accompagnement"),
        left_to_read=bool(texts.get("autres critères d'éligibilité")) or ages != [OPEN_TO_ALL],
    )


def profile_of(told: Entry, themes: Sequence[str] | None = None) -> Applicant:
    """Return what a profile of the producer's questionnaire tells; its replies leave the themes, unless given."""
    size = told.text("structure_size")
    if size and size not in SIZES:
        told.fault("structure_size", f"« {size} » n’est pas une taille.", f"Choisissez parmi {listed(SIZES)}.")
    single = {"region": told.text("region"), "section": told.text("codeNAF1"), "forme": told.text("legalCategory")}
    held = {kind: traits(kind, [value]) for kind, value in single.items() if value}
    if themes is None and any(field in told.values for field, _ in _THEME_DROPPED.values()):
        dropped = {theme for theme, (field, replies) in _THEME_DROPPED.items() if told.text(field) in replies}
        themes = [theme for theme in THEMES if theme not in dropped]
    if themes is not None:
        held["theme"] = traits("theme", themes)
    if told.values.get("isAdministration") is not None:
        health = told.whether("isAdministration") and single["section"] == "Q"
        held["administration"] = traits("administration", ["santé"] if health else [])
    alone = size == ALONE and single["forme"] == SOLE_TRADER
    if alone or size not in ("", ALONE) or single["forme"] not in ("", SOLE_TRADER):
        held["microentrepreneur"] = traits("microentrepreneur", ["oui"] if alone else [])
    # Somebody who works alone is compared with no threshold of staff: the scheme says whether it takes them.
    amounts = {HEADCOUNT: (SIZES[size], SIZES[size])} if size and not alone else {}
    return Applicant(frozenset().union(*held.values()), frozenset(held), amounts)


def _profile(entry: Entry) -> Applicant:
    told = entry.inner("profil") if "profil" in entry.values else entry
    return profile_of(told, entry.texts("themes") if "themes" in entry.values else None)


def _conditions(entry: Entry) -> list[Condition]:
    """Return the conditions of a scheme of the structured file, each with its sentence."""
    found = []
    texts = entry.inner("conditions_texte")

    def said(field: str) -> str:
        return " ; ".join(texts.texts(field))

    if sections := entry.texts("naf_sections"):
        found.append(Condition(Topic.ACTIVITY, said("secteur d'activité"), "naf_sections",
                               allowed=traits("section", sections)))  # fmt: skip
    if regions := entry.texts("regions"):
        found.append(Condition(Topic.PLACE, said("secteur géographique"), "regions",
                               allowed=traits("region", regions)))  # fmt: skip
    least, most = entry.number("effectif_min"), entry.number("effectif_max")
    if least is not None and most is not None and most < least:
        entry.fault("effectif_max", "l’effectif maximal est sous le minimal.")
    if least is not None or most is not None:
        found.append(Condition(Topic.SIZE, said("taille de l'entreprise"), "effectif_min, effectif_max",
                               amount=HEADCOUNT, least=least, most=most))  # fmt: skip
    if entry.whether("exclut_microentrepreneur"):
        found.append(Condition(Topic.LEGAL_FORM, "Non éligible aux micro-entreprises", "exclut_microentrepreneur",
                               refused=traits("microentrepreneur", ["oui"])))  # fmt: skip
    if themes := entry.texts("objectifs"):
        found.append(Condition(Topic.THEME, listed(themes), "objectifs", allowed=traits("theme", themes)))
    if not entry.whether("ouvert_administrations"):
        found.append(Condition(Topic.PUBLIC, "Fermé aux administrations de santé", "ouvert_administrations",
                               refused=traits("administration", ["santé"])))  # fmt: skip
    return found


def _refuse_doubles(schemes: Sequence[Scheme], path: Path) -> None:
    seen: set[str] = set()
    for rank, scheme in enumerate(schemes, start=1):
        if scheme.id in seen:
            raise StructureFault(
                f"programme n° {rank}, « {scheme.id} » est déjà le numéro d’un autre.", file=path.name, column="id",
                remedy="Gardez-en un seul, ou donnez-lui un autre numéro.",
            )  # fmt: skip
        if scheme.id:
            seen.add(scheme.id)


def routing(cases: Path) -> list[Answer]:
    """Return, for each case, whether who has its filters may be asked (`filtered`), and who has none (`unfiltered`).

    Raises `StructureFault` when the file is at fault.
    """
    found = []
    for entry in read_entries(cases, "cas", "cas_filtres"):
        filters = [_filter(one) for one in entry.inners("filtres", "filtre")]
        asker, subject = _firm(entry.inner("entreprise")), entry.text("besoin_sujet") or None
        found.append({"filtered": accepted(filters, asker, subject), "unfiltered": accepted([], asker, subject)})
    return found


_LISTS = {
    "naf": ("accepted_naf", "excluded_naf", Topic.ACTIVITY),
    "forme": ("accepted_legal_forms", "excluded_legal_forms", Topic.LEGAL_FORM),
    "commune": ("accepted_insee", "excluded_insee", Topic.PLACE),
}
_BOUNDS = {
    YEARS: ("min_years", "max_years", Topic.AGE),
    HEADCOUNT: ("effectif_min", "effectif_max", Topic.SIZE),
}
_FILTER_FIELDS = {"portee", "sujets", *(name for pair in (*_LISTS.values(), *_BOUNDS.values()) for name in pair[:2])}


def _filter(entry: Entry) -> Filter:
    """Read a filter; one that asks something that is not known here is refused, never passed over."""
    if strange := sorted(set(entry.values) - _FILTER_FIELDS):
        entry.fault(strange[0], "ce filtre n’est pas connu.", f"Filtres connus : {listed(sorted(_FILTER_FIELDS))}.")
    conditions = []
    for kind, (accepted_field, refused_field, topic) in _LISTS.items():
        allowed, refused = entry.texts(accepted_field), entry.texts(refused_field)
        if allowed or refused:
            conditions.append(Condition(topic, "", accepted_field, traits(kind, allowed), traits(kind, refused)))
    for amount, (least_field, most_field, topic) in _BOUNDS.items():
        least, most = entry.number(least_field), entry.number(most_field)
        if least is not None or most is not None:
            if most is not None and amount == HEADCOUNT:
                most -= 1  # a maximum of headcount is the first one refused
            conditions.append(Condition(topic, "", least_field, amount=amount, least=least, most=most))
    return Filter(tuple(conditions), frozenset(entry.texts("sujets")))


def _firm(entry: Entry) -> Applicant:
    single = {"naf": entry.text("naf"), "forme": entry.text("forme"), "commune": entry.text("insee")}
    held = {kind: traits(kind, [value]) for kind, value in single.items() if value}
    amounts: dict[str, tuple[float, float]] = {}
    if (years := entry.number("age_annees")) is not None:
        amounts[YEARS] = years, years
    band = entry.text("code_effectif")
    if band and band != "NN":
        if band not in SIZE_BANDS:
            entry.fault("code_effectif", f"« {band} » n’est pas une tranche d’effectif de l’Insee.")
        low, high = SIZE_BANDS[band]
        amounts[HEADCOUNT] = low, float("inf") if high is None else high
    return Applicant(frozenset().union(*held.values()), frozenset(held), amounts)


def site_uses(sites: Path, weights: Path) -> list[Answer]:
    """Return, for each site, `fiabilite` (0 to 10) and `resultats`: use, index, label, advantages, constraints.

    Raises `StructureFault` when a file is at fault.
    """
    weighing = _weighing(weights)
    found = []
    for entry in read_entries(sites, "site"):
        site = entry.inner("site") if "site" in entry.values else entry
        try:
            reliability, uses = weigh(site.values, weighing)
        except ValueError as fault:
            criterion, value = fault.args
            site.fault(criterion, f"« {value} » n’est pas une valeur de ce critère.",
                       "Choisissez une valeur de la grille, ou « ne-sait-pas ».")  # fmt: skip
        results = [[one.use, one.index, one.label, one.advantages, one.constraints] for one in uses]
        found.append({"fiabilite": reliability, "resultats": results})
    return found


def _weighing(path: Path) -> Weighing:
    told = Entry(path.name, "grille", read_mapping(path))
    weights = {name: value for name in told.inner("poids").values
               if (value := told.inner("poids").number(name)) is not None}  # fmt: skip
    if not weights:
        told.fault("poids", "les poids manquent.", "Donnez un poids à chaque critère.")
    by_value = {}
    for criterion in told.inner("matrice_enums").values:
        values = told.inner("matrice_enums").inner(criterion)
        by_value[criterion] = {value: _by_use(values.inner(value)) for value in values.values}
    by_band = {}
    for criterion in told.inner("matrice_seuils").values:
        bands = told.inner("matrice_seuils").inners(criterion, "seuil")
        by_band[criterion] = sorted(
            ((one.number("a_partir_de") or 0.0, _by_use(one.inner("scores"))) for one in bands),
            key=lambda pair: pair[0],
        )
    return Weighing(weights, by_value, by_band)


def _by_use(entry: Entry) -> dict[str, float]:
    found = {use: entry.number(use) for use in USES}
    if lacking := [use for use, score in found.items() if score is None]:
        entry.fault(lacking[0], "le score de cet usage manque.")
    return {use: score for use, score in found.items() if score is not None}
