"""The sentence that opens a portrait, composed from its findings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vigie.domain.french import NBSP, THIN, counted, listed, number, signed
from vigie.domain.naming import place_name
from vigie.services.figures.mixes import SMALLEST
from vigie.services.portrait.mix import FRANCE, SPECIALISED, specialities
from vigie.services.portrait.scene import partial_note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.domain.finding import Finding
    from vigie.domain.naming import PlaceName
    from vigie.services.portrait.mix import Mix
    from vigie.services.portrait.scene import Scene


_ARTICLES = {
    "la ": (
        "Culture Sylviculture Pêche Fabrication Imprimerie Cokéfaction Métallurgie Réparation Production Collecte "
        "Dépollution Construction Restauration Programmation Recherche-développement Publicité Organisation Location"
    ),
    "l’": "Extraction Industrie Entreposage Hébergement Édition Assurance Administration Enseignement Action",
    "le ": "Travail Captage Génie Commerce Transport",
    "les ": (
        "Services Industries Travaux Transports Activités Télécommunications Enquêtes Bibliothèques Autres Cultures"
    ),
}
_BY_WORD = {word: article for article, words in _ARTICLES.items() for word in words.split()}
_TAIL = re.compile(rf"[\s{THIN}]*;.*|, à l’exception d.*|, hors .*| n\.c\.a\.$")
FEMININE = ("elle", "elles", "la commune")


def lead(scene: Scene, findings: Mapping[str, Finding], mix: Mix, activities: Mapping[str, str]) -> str:
    """Return one or two French sentences: how many people, employers and jobs, what the territory is known for.

    `activities` gives the labels of divisions. Without a reference to compare with, the largest ones are named.
    """
    name = place_name(scene.perimeter.territory)
    amounts = [text for text in (_people(findings), _jobs(findings), _employers(findings)) if text]
    if not amounts:
        return f"{name.opening}{NBSP}: ni population ni établissements ne sont connus dans les données chargées."
    if scene.refused:
        return _refused(scene, name, findings)
    verb = "comptent" if name.plural else "compte"
    known_for = _known_for(name, findings["specialisation"], mix, activities)
    first = f"{partial_note(scene.reach or 0.0)} " if scene.partial else ""
    return f"{first}{name.opening} {verb} {listed(amounts)}{known_for}."


def _refused(scene: Scene, name: PlaceName, findings: Mapping[str, Finding]) -> str:
    """Say first what part is loaded; a sum over that part would pass for the whole, and is not given."""
    least = min(share for share in (scene.reach, scene.jobs_reach) if share is not None)
    people = _people(findings)
    told = f"{partial_note(least)} Ce portrait ne dit donc rien de l’ensemble."
    return f"{told} {name.opening} {'comptent' if name.plural else 'compte'} {people}." if people else told


def _people(findings: Mapping[str, Finding]) -> str:
    population, change = findings["population"], findings["population_change"]
    if not isinstance(population.value, int):
        return ""
    text = counted(population.value, "habitant", "habitants")
    if isinstance(change.value, float) and change.breakdown:
        text += f" ({signed(change.value, 1)}{NBSP}% depuis {change.breakdown[0].key})"
    return text


def _jobs(findings: Mapping[str, Finding]) -> str:
    jobs = findings["jobs"]
    if not isinstance(jobs.value, int):
        return ""
    words = (
        ("emploi imaginaire", "emplois imaginaires")
        if jobs.simulated
        else ("emploi salarié privé", "emplois salariés privés")
    )
    return counted(jobs.value, *words)


def _employers(findings: Mapping[str, Finding]) -> str:
    for indicator, words in (
        ("employers", ("employeur", "employeurs")),
        ("establishments", ("établissement ouvert", "établissements ouverts")),
    ):
        found = findings[indicator]
        if isinstance(found.value, int):
            singular, many = words
            if found.simulated:
                singular, many = f"{singular} imaginaire", f"{many} imaginaires"
            return counted(found.value, singular, many)
    return ""


def _known_for(name: PlaceName, specialisation: Finding, mix: Mix, activities: Mapping[str, str]) -> str:
    if specialisation.value is None:
        return _largest(mix, activities)
    found = [(activities[code], quotient) for code, quotient in specialities(mix) if quotient >= SPECIALISED][:3]
    if not found:
        return f"{THIN}; aucune activité n’y est nettement plus présente qu’ailleurs"
    ending = ("e" if name.pronoun in FEMININE else "") + ("s" if name.pronoun_plural else "")
    verb = "sont" if name.pronoun_plural else "est"
    first = f"{activity_phrase(found[0][0])} ({number(found[0][1], 1)} fois la part {_reference(mix)})"
    phrases = [first, *(activity_phrase(label) for label, _ in found[1:])]
    return f"{THIN}; {name.pronoun} {verb} spécialisé{ending} dans {listed(phrases)}"


def _largest(mix: Mix, activities: Mapping[str, str]) -> str:
    codes, here, _ = mix.divisions
    if sum(here) < SMALLEST[mix.kind]:
        return ""
    ranked = sorted(zip(here, codes, strict=True), reverse=True)[:3]
    phrases = [activity_phrase(activities[code]) for amount, code in ranked if amount and code in activities]
    where = "on y travaille d’abord dans" if mix.kind == "jobs" else "les employeurs y sont d’abord dans"
    return f"{THIN}; {where} {listed(phrases)}" if phrases else ""


def _reference(mix: Mix) -> str:
    return "nationale" if mix.reference_name == FRANCE else "moyenne des données chargées"


def activity_phrase(label: str) -> str:
    """Write an activity after "dans": its article, its main part, no capital.

    >>> activity_phrase("Fabrication de meubles"), activity_phrase("Industries alimentaires")
    ('la fabrication de meubles', 'les industries alimentaires')
    """
    short = _TAIL.sub("", label)
    article = _BY_WORD.get(short.split(" ")[0].rstrip(","))
    if article is None:
        return f"l’activité «{NBSP}{short}{NBSP}»"
    return article + short[:1].lower() + short[1:]
