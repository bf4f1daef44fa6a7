"""Conditions of schemes as files publish them, read with a trace; what is not read stays a sentence to be checked.

Three ways of publishing are read: columns of the national schema « dispositif-aide-professionnels », the labelled lines
of text that « Transition écologique des entreprises » writes in its export of the schema « dispositif-aide », and the
structured file of the same producer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from vigie.domain.condition_words import age_said, every_size, size_said
from vigie.domain.french import counted
from vigie.domain.levers import HEADCOUNT, YEARS, Condition, Topic, traits
from vigie.sources import nomenclature
from vigie.sources.cards_reader import spelled_down
from vigie.sources.cog_lookup import code_book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ALONE = traits("microentrepreneur", ["oui"])
ANY_ACTIVITY = "naf:toutes"
"""What every firm has, whether its activity is known or not."""
_SECTIONS = "ABCDEFGHIJKLMNOPQRSTU"
LEGAL_FORMS: Mapping[str, frozenset[str]] = {
    "ei": traits("forme", ["10"]), "microentrepreneur": ALONE, "eurl": traits("forme", ["5498"]),
    "sarl": traits("forme", ["54"]), "sas": traits("forme", ["5710"]), "sasu": traits("forme", ["5720"]),
    "sa": traits("forme", ["55", "56"]), "snc": traits("forme", ["52"]), "scs": traits("forme", ["5306"]),
    "sca": traits("forme", ["5308"]), "sica": traits("forme", ["5432", "5532", "5632", "6532"]),
    "gaec": traits("forme", ["6533"]), "gie": traits("forme", ["62"]), "scop": traits("forme", ["5458", "5558"]),
    "scic": traits("forme", ["5460", "5560"]), "association": traits("forme", ["92"]),
}  # fmt: skip
"""Forms as files name them, by codes of the legal categories of Insee (two digits stand for all that begin so)."""
SIZE_CATEGORIES = {"MIC": "micro-entreprise", "PME": "PME", "ETI": "ETI", "GE": "grande entreprise"}
_PLACE = re.compile(r"(PAYS|REG|DEP|COM|EPCI)-(\w+)")
_PLACE_KINDS = {"PAYS": "pays", "REG": "region", "DEP": "departement", "COM": "commune", "EPCI": "epci"}
FRANCE = "99100"
_OVERSEAS = {
    "saint_pierre_et_miquelon": "975", "saint_barthelemy": "977", "saint_martin": "978",
    "terres_australes_et_antarctiques_francaises": "984", "wallis_et_futuna": "986", "polynesie_francaise": "987",
    "nouvelle_caledonie": "988",
}  # fmt: skip
"""Collectivities that the code of communes of INSEE does not list among the régions."""
_ZONES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (
        re.compile(r"france_ruralites(?:_revitalisations?)?|frr|zone_de_revitalisation_rurale|zrr"),
        ("frr", "frr-plus", "frr-beneficiaire"),
    ),
)
"""Zones that sentences name, by the codes of the programmes that Vigie loads."""
_SITUATED = re.compile(r"(?:etre_)?(?:situee?|implantee?|localisee?|se_situer)_(?:en|dans_une?)_(?:zone_)?(\w+)")


class FaultyCellError(ValueError):
    """A cell that is not what its column holds; `column` is its name in the file, the text is the reason and remedy."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


@dataclass(frozen=True, slots=True)
class ReadCondition:
    """A condition, and what had to be understood for it to be read; empty when the file says it plainly."""

    condition: Condition
    trace: str = ""


def of_columns(cells: Mapping[str, str]) -> list[ReadCondition]:
    """Return what the columns of the schema for professionals say. Raises `FaultyCellError`."""
    found = [
        *_geography(cells),
        *_sizes(cells),
        *_activities(cells),
        *_forms(cells),
    ]
    years = _whole(cells, "eligibilite_annees_existence_minimal")
    if years is not None:
        sentence = f"Au moins {counted(years, 'an')} d’existence"
        found.append(ReadCondition(Condition(Topic.AGE, sentence, "eligibilite_annees_existence_minimal",
                                             amount=YEARS, least=years)))  # fmt: skip
    if text := cells.get("eligibilite", "").strip():
        found += [ReadCondition(Condition(Topic.OTHER, line, "eligibilite")) for line in _bullets(text)]
    return found


def of_labelled_text(cells: Mapping[str, str]) -> list[ReadCondition]:
    """Return what labelled lines of `eligibilite` and the columns of places say. Raises `FaultyCellError`.

    A text without any label is kept as sentences to be checked, and nothing is told of sizes: they are unknown.
    """
    lines = [line.strip() for line in cells.get("eligibilite", "").splitlines() if line.strip()]
    found, places, sized, sector = list[ReadCondition](), "", False, ""
    for line in lines:
        label, _, said = (part.strip() for part in line.partition(":"))
        name = spelled_down(label)
        if name == "eligibilite_sectorielle":
            sector = said
        elif name == "secteurs_principalement_concernes_par_le_dispositif":
            found.append(_sections(said, sector))
        elif name == "eligibilite_en_fonction_du_nombre_de_salaries":
            found.append(_size_line(said))
            sized = True
        elif name == "eligibilite_lie_a_la_duree_d_existence_de_l_entreprise":
            found.append(_age_line(said))
        elif name == "aires_geographiques_eligibles":
            places = said
        elif spelled_down(line) == "non_eligible_aux_micro_entreprises":
            found.append(ReadCondition(Condition(Topic.LEGAL_FORM, line, "eligibilite", refused=ALONE)))
        elif name != "autres_conditions_d_eligibilite" or said:
            found.append(_other(line))
    if not sized:
        found.append(ReadCondition(Condition(Topic.SIZE, "Le fichier ne dit rien de la taille.", "eligibilite")))
    return [*_geography(cells, places), *found]


def of_structured(scheme: Mapping[str, object]) -> list[ReadCondition]:
    """Return what the structured file of « Transition écologique des entreprises » says. Raises `FaultyCellError`."""
    told = scheme.get("conditions_texte")
    lines = told.items() if isinstance(told, dict) else ()
    texts = {spelled_down(str(name)): [str(one) for one in said] for name, said in lines if isinstance(said, list)}
    found = []
    if sections := [str(one) for one in _listed(scheme, "naf_sections")]:
        sentence = " ; ".join(texts.get("secteur_d_activite", [])) or ", ".join(sections)
        allowed = _activities_of(sections, "naf_sections")
        found.append(ReadCondition(Condition(Topic.ACTIVITY, sentence, "naf_sections", allowed=allowed)))
    if regions := [str(one) for one in _listed(scheme, "regions")]:
        found.append(_named_places(regions, "regions", " ; ".join(texts.get("secteur_geographique", []))))
    least, trace_least = _loose_whole(scheme, "effectif_min")
    most, trace_most = _loose_whole(scheme, "effectif_max")
    _refuse_crossed(least, most, "effectif_max")
    if least is not None or most is not None:
        sentence = " ; ".join(texts.get("taille_de_l_entreprise", [])) or _size_sentence(least, most)
        condition = Condition(
            Topic.SIZE, sentence, "effectif_min, effectif_max", amount=HEADCOUNT, least=least, most=most
        )
        found.append(ReadCondition(condition, " ".join(filter(None, (trace_least, trace_most)))))
    if scheme.get("exclut_microentrepreneur") is True:
        found.append(ReadCondition(Condition(Topic.LEGAL_FORM, "Non éligible aux micro-entreprises",
                                             "exclut_microentrepreneur", refused=ALONE)))  # fmt: skip
    for said in texts.get("nombre_d_annees_d_activite", []):
        if spelled_down(said) != "eligible_a_toutes_les_entreprises":
            found.append(_age_line(said, "conditions_texte"))
    return [*found, *(_other(f"- {one}", "conditions_texte") for one in texts.get("autres_criteres_d_eligibilite", []))]


def _geography(cells: Mapping[str, str], names: str = "") -> list[ReadCondition]:
    """Return what is said of places: codes first, then names where the codes say « France » alone."""
    allowed = _coded(cells, "eligibilite_geographique")
    refused = _coded(cells, "eligibilite_geographique_exclusions")
    found = []
    if names and (not allowed or allowed == traits("pays", [FRANCE])):
        found.append(_named_places([one.strip() for one in names.split(",")], "eligibilite", names))
    elif allowed:
        found.append(ReadCondition(Condition(Topic.PLACE, names or _places_sentence(allowed),
                                             "eligibilite_geographique", allowed=allowed)))  # fmt: skip
    if refused:
        found.append(ReadCondition(Condition(Topic.PLACE, f"Sauf : {_places_sentence(refused)}",
                                             "eligibilite_geographique_exclusions", refused=refused)))  # fmt: skip
    return found


def _coded(cells: Mapping[str, str], column: str) -> frozenset[str]:
    codes = [code.strip() for code in cells.get(column, "").split("|") if code.strip()]
    return frozenset(_place_trait(code, column) for code in codes)


def _place_trait(code: str, column: str) -> str:
    found = _PLACE.fullmatch(code)
    if found is None:
        raise FaultyCellError(column, f"« {code[:40]} » n’est pas un lieu : écrivez PAYS-99100, REG-52, DEP-85 ou "
                              "COM-85191, séparés par des barres verticales.")  # fmt: skip
    kind, number = _PLACE_KINDS[found[1]], found[2]
    if kind == "commune" and number in _OVERSEAS.values():
        kind = "departement"
    known = {"pays": number == FRANCE, "commune": code_book().today(number) is not None}
    if not known.get(kind, (kind, number) in code_book().territories or number in _OVERSEAS.values()):
        raise FaultyCellError(column, f"« {code[:40]} » n’existe pas au code officiel géographique : vérifiez-le.")
    return f"{kind}:{code_book().today(number) if kind == 'commune' else number}"


def _named_places(names: Iterable[str], reference: str, sentence: str) -> ReadCondition:
    """Read names of régions; a département among them is repaired, and said. Raises `FaultyCellError`."""
    allowed, repaired = set[str](), []
    for name in filter(None, names):
        plain = spelled_down(name)
        kind, number = _places_by_name().get(plain, ("", ""))
        if not kind:
            raise FaultyCellError(reference, f"« {name[:40]} » n’est le nom d’aucune région ni d’aucun département : "
                                  "vérifiez-le.")  # fmt: skip
        if kind == "departement" and plain not in _OVERSEAS:
            repaired.append(name)
        allowed.add(f"{kind}:{number}")
    trace = f"Département rangé parmi les régions : {', '.join(repaired)}." if repaired else ""
    told = sentence or ", ".join(names)
    return ReadCondition(Condition(Topic.PLACE, told, reference, allowed=frozenset(allowed)), trace)


@cache
def _places_by_name() -> Mapping[str, tuple[str, str]]:
    """Return régions and départements by their plain name; a région wins over a département of its name."""
    found = {name: ("departement", code) for name, code in _OVERSEAS.items()}
    for kind in ("departement", "region"):
        rows = ((row["name"], code) for (of, code), row in code_book().territories.items() if of == kind)
        found |= {spelled_down(name): (kind, code) for name, code in rows}
    return found


def _places_sentence(places: Iterable[str]) -> str:
    if set(places) == traits("pays", [FRANCE]):
        return "Toute la France"
    return ", ".join(sorted(_place_name(place) for place in places))


def _place_name(place: str) -> str:
    kind, _, number = place.partition(":")
    row = code_book().places.get(number) if kind == "commune" else code_book().territories.get((kind, number))
    return str(row["name"]) if row else number


def _sizes(cells: Mapping[str, str]) -> list[ReadCondition]:
    columns = ("eligibilite_effectif_minimal", "eligibilite_effectif_maximal")
    least, most = (_whole(cells, column) for column in columns)
    _refuse_crossed(least, most, columns[1])
    column = "eligibilite_categorie_taille_entreprise"
    categories = [one.strip() for one in cells.get(column, "").split("|") if one.strip()]
    for category in categories:
        if category not in SIZE_CATEGORIES:
            raise FaultyCellError(column, f"« {category[:40]} » n’est pas une catégorie de taille : choisissez parmi "
                                  f"{', '.join(SIZE_CATEGORIES)}.")  # fmt: skip
    found = []
    if least is not None or most is not None:
        condition = Condition(Topic.SIZE, _size_sentence(least, most), ", ".join(columns), amount=HEADCOUNT,
                              least=least, most=most)  # fmt: skip
        found.append(ReadCondition(condition))
    if categories and set(categories) != set(SIZE_CATEGORIES):
        sentence = ", ".join(SIZE_CATEGORIES[one] for one in categories)
        found.append(ReadCondition(Condition(Topic.SIZE, sentence, column, allowed=traits("taille", categories))))
    if not found and not categories:
        found.append(ReadCondition(Condition(Topic.SIZE, "Le fichier ne dit rien de la taille.", columns[0])))
    return found


def _size_sentence(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f"De {least:.0f} à {most:.0f} salariés"
    return f"Au moins {least:.0f} salariés" if least is not None else f"Au plus {most:.0f} salariés"


def _activities(cells: Mapping[str, str]) -> list[ReadCondition]:
    found = []
    sectors = cells.get("ciblage_secteur_activite", "").replace("|", ", ")
    for column, refuses in (("ciblage_naf", False), ("ciblage_naf_exclusions", True)):
        codes = [one.strip() for one in cells.get(column, "").split("|") if one.strip()]
        if codes:
            known = _activities_of(codes, column)
            sentence = f"Sauf les activités {', '.join(codes)}" if refuses else f"{sectors} ({', '.join(codes)})"
            found.append(ReadCondition(
                Condition(Topic.ACTIVITY, sentence, column, refused=known)
                if refuses
                else Condition(Topic.ACTIVITY, sentence, column, allowed=known)
            ))  # fmt: skip
    if sectors and not any(one.condition.allowed for one in found):
        found.append(ReadCondition(Condition(Topic.ACTIVITY, sectors, "ciblage_secteur_activite")))
    return found


def _activities_of(codes: list[str], column: str) -> frozenset[str]:
    """Return the traits of activities; all sections together are any activity, that of a firm being known or not."""
    known = traits("naf", map(_known_activity(column), codes))
    return known | {ANY_ACTIVITY} if known >= traits("naf", _SECTIONS) else known


def _known_activity(column: str) -> Callable[[str], str]:
    def known(code: str) -> str:
        if code not in nomenclature.tree():
            raise FaultyCellError(column, f"« {code[:40]} » n’est pas un code de la NAF rév. 2 : écrivez C, 25, 25.6 "
                                  "ou 25.62B.")  # fmt: skip
        return code

    return known


def _forms(cells: Mapping[str, str]) -> list[ReadCondition]:
    found = []
    for column in ("eligibilite_forme_juridique", "eligibilite_forme_juridique_exclusions"):
        names = [one.strip() for one in cells.get(column, "").split("|") if one.strip()]
        if not names:
            continue
        refuses = column.endswith("exclusions")
        sentence = f"{'Sauf : ' if refuses else ''}{', '.join(names)}"
        codes = [LEGAL_FORMS.get(spelled_down(name)) for name in names]
        lacking = [name for name, known in zip(names, codes, strict=True) if known is None]
        held = frozenset[str]().union(*(one for one in codes if one))
        condition = Condition(Topic.LEGAL_FORM, sentence, column)
        if not lacking:
            condition = replace(condition, refused=held) if refuses else replace(condition, allowed=held)
        trace = f"Forme juridique qui n’a pas été comprise : {', '.join(lacking)}." if lacking else ""
        found.append(ReadCondition(condition, trace))
    return found


def _sections(said: str, sector: str) -> ReadCondition:
    codes = [one.strip() for one in said.split("|") if one.strip()]
    known = _activities_of(codes, "eligibilite")
    return ReadCondition(Condition(Topic.ACTIVITY, sector or said, "eligibilite", allowed=known))


def _size_line(said: str) -> ReadCondition:
    """Read a line about sizes; « toutes tailles », which a file may write of all its schemes, tells nothing."""
    if every_size(said):
        trace = "Le fichier écrit « toutes tailles » de tous ses dispositifs : ce n’est pas cru."
        return ReadCondition(Condition(Topic.SIZE, said, "eligibilite"), trace)
    read = size_said(said, "eligibilite")
    return ReadCondition(read or Condition(Topic.SIZE, said, "eligibilite"), "Lu dans le texte." if read else "")


def _age_line(said: str, reference: str = "eligibilite") -> ReadCondition:
    read = age_said(said, reference)
    return ReadCondition(read or Condition(Topic.AGE, said, reference), "Lu dans le texte." if read else "")


def _other(line: str, reference: str = "eligibilite") -> ReadCondition:
    """Return a sentence to be checked; one that only asks to be in a known zone is read."""
    sentence = line.removeprefix("-").strip()
    situated = _SITUATED.fullmatch(spelled_down(sentence))
    for pattern, codes in _ZONES if situated else ():
        if situated and pattern.fullmatch(situated[1]):
            condition = Condition(Topic.PLACE, sentence, reference, allowed=traits("programme", codes))
            return ReadCondition(condition, "Zone lue dans le texte.")
    return ReadCondition(Condition(Topic.OTHER, sentence, reference))


def _bullets(text: str) -> list[str]:
    return [line.strip(" \t\u00a0\u202f•-;") for line in text.splitlines() if line.strip(" \t\u00a0\u202f•-;")]


def _whole(cells: Mapping[str, str], column: str) -> int | None:
    written = cells.get(column, "").strip()
    if not written:
        return None
    if not written.isdigit():
        raise FaultyCellError(column, f"« {written[:40]} » n’est pas un nombre entier : écrivez-le en chiffres.")
    return int(written)


def _loose_whole(scheme: Mapping[str, object], name: str) -> tuple[int | None, str]:
    """Return a whole number, which the file may write as text; and what to say then."""
    value = scheme.get(name)
    if value is None or value == "":
        return None, ""
    if isinstance(value, int) and not isinstance(value, bool):
        return value, ""
    if isinstance(value, str) and value.strip().isdigit():
        return int(value), f"Nombre écrit comme un texte : {value}."
    raise FaultyCellError(name, f"« {str(value)[:40]} » n’est pas un nombre entier : écrivez-le en chiffres.")


def _refuse_crossed(least: float | None, most: float | None, column: str) -> None:
    if least is not None and most is not None and most < least:
        raise FaultyCellError(
            column, f"l’effectif maximal ({most:.0f}) est sous le minimal ({least:.0f}) : corrigez-les."
        )


def _listed(scheme: Mapping[str, object], name: str) -> list[object]:
    found = scheme.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise FaultyCellError(name, "une liste est attendue.")
    return found
