"""What the register says of establishments and firms, in sentences and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.firm_names import usual_case
from vigie.interfaces.present import (
    activity_of,
    closing_of,
    name_of,
    official_code,
    place_of,
    size_of,
)
from vigie.interfaces.views import Fact

if TYPE_CHECKING:
    from vigie.services.know import DirectoryEntry, Firm, LegalUnit

_GROUP = "Calculée par l’Insee au niveau du groupe."
EMPLOYER = {"O": "oui", "N": "non, sans salarié déclaré", None: "non connu"}
YES_NO = {True: "oui", False: "non", None: "non connu"}
COMPANY = {
    "PME": "petite ou moyenne entreprise (PME)",
    "ETI": "entreprise de taille intermédiaire (ETI)",
    "GE": "grande entreprise (GE)",
}


_WITHHELD = {"P": "discrétion demandée", "U": "masquée, entreprise non chargée"}
LEGAL_KINDS = {
    "1": "entrepreneur individuel",
    "2": "groupement de droit privé sans personnalité morale",
    "3": "personne morale de droit étranger",
    "4": "personne morale de droit public soumise au droit commercial",
    "5": "société commerciale",
    "6": "autre personne morale immatriculée au registre du commerce",
    "7": "personne morale soumise au droit administratif",
    "8": "organisme privé spécialisé",
    "9": "groupement de droit privé",
}
"""First level of INSEE's nomenclature of legal categories."""


def establishment_sentence(entry: DirectoryEntry) -> str:
    """Return the sentence that opens an establishment's page and the command line's answer."""
    name, where = name_of(entry), entry.commune_name
    role = "le siège d’une entreprise" if entry.head_office else "un site"
    place = f", situé {french.at_place(where)}" if where else ""
    if entry.country:
        place = f"{place} ({entry.country})" if place else f", situé à l’étranger ({entry.country})"
    since = f", créé le {french.long_date(entry.created)}" if entry.created and entry.state != "N" else ""
    told = closing_of(entry)
    state = f" Il est {told}." if entry.state == "F" else f" {french.capital(told)}." if told else ""
    subject = f"« {name} » est {role}" if entry.name else f"Ce site est {role}"
    return f"{subject}{place}{since}. Activité : {activity_of(entry)}.{state}"


def firm_sentence(firm: Firm) -> str:
    """Return the sentence that opens a firm's page."""
    unit = firm.unit
    subject = f"« {usual_case(unit.name)} »" if unit.name else "Cette entreprise"
    count = french.counted(firm.total, "site") if firm.total else "aucun site chargé"
    closed = " en comptant ceux qui sont fermés" if firm.total > 1 else ""
    since = f", créée le {french.long_date(unit.created)}," if unit.created and unit.state != "N" else ""
    state = " Elle a cessé son activité." if unit.state == "C" else ""
    if unit.state == "N" and unit.created:
        state = f" Sa création est annoncée pour le {french.long_date(unit.created)}."
    return f"{subject}{since} compte {count}{closed}. Activité : {activity_of(unit)}.{state}"


def establishment_facts(entry: DirectoryEntry) -> tuple[Fact, ...]:
    """Return the facts that Sirene publishes on an establishment; what is masked is said so."""
    masked = _WITHHELD.get(entry.diffusion, "non connue")
    facts = [
        *([Fact("Nom au répertoire", entry.name)] if entry.name else []),
        Fact("SIRET", french.identifier(entry.siret)),
        *([Fact("Enseigne", entry.sign)] if entry.sign else []),
        *([Fact("Nom usuel", entry.usual_name)] if entry.usual_name else []),
        Fact("Activité", activity_of(entry), note=f"Code {official_code(entry)}." if entry.naf else ""),
        *([Fact("Activité en NAF 2025", entry.naf25)] if entry.naf25 else []),
        Fact("Taille", size_of(entry), note="" if entry.size_label else "Non publié ne veut pas dire zéro."),
        Fact("Employeur", EMPLOYER.get(entry.employer, "non connu")),
        Fact(
            "Adresse",
            place_of(entry)
            if entry.address or entry.distribution or entry.cedex_code
            else f"{masked} ; commune : {entry.commune_name or 'non connue'}",
        ),
        Fact(
            "Ville" if entry.country else "Commune",
            entry.commune_name or ("non diffusible" if entry.masked and entry.country else "non connue"),
            f"/territoire/commune/{entry.commune}" if entry.commune else "",
        ),
        *([Fact("Pays", entry.country)] if entry.country else []),
        Fact(
            "Siège",
            YES_NO[entry.head_office],
            note="Pour un entrepreneur individuel, le siège est une convention." if entry.natural_person else "",
        ),
        Fact("Artisanat", _craft(entry)),
        Fact("Création", _created(entry)),
    ]
    if entry.state == "A" and entry.closed:
        facts.append(Fact("Fermeture", f"annoncée pour le {french.long_date(entry.closed)}"))
    if entry.state == "F":
        facts.append(Fact("Fermeture", french.long_date(entry.closed) if entry.closed else "date non connue"))
    return tuple(facts)


def _craft(entry: DirectoryEntry) -> str:
    if entry.craft:
        return "inscrit au répertoire des métiers"
    return _WITHHELD.get(entry.diffusion, "aucune inscription connue")


def _created(dated: DirectoryEntry | LegalUnit) -> str:
    if not dated.created:
        return "date non connue"
    day = french.long_date(dated.created)
    return f"annoncée pour le {day}" if dated.state == "N" else day


def withheld_of_establishment(entry: DirectoryEntry) -> tuple[str, ...]:
    """Return why fields of an establishment are masked, then what is: a sentence for each that really is."""
    if not entry.masked:
        return ()
    if entry.diffusion == "U":
        why = (
            "L’entreprise de ce site n’est pas chargée : on ne sait pas si elle a demandé la discrétion, ce qui "
            "permettrait de la reconnaître est donc masqué."
        )
    else:
        why = (
            "La discrétion a été demandée, pour ce site ou pour son entreprise (diffusion partielle, article "
            "R123-232-1 du code de commerce). Ces informations ne peuvent servir à la prospection."
        )
    hidden = [
        *([] if entry.name else ["Le nom n’est pas publié."]),
        "L’enseigne et le nom usuel ne sont pas publiés.",
        "L’adresse et le code postal ne sont pas publiés ; la commune l’est."
        if entry.commune
        else "L’adresse n’est pas publiée.",
        "La position sur la carte n’est pas publiée.",
        "L’inscription à l’artisanat n’est pas publiée.",
    ]
    return (why, *hidden)


def withheld_of_firm(unit: LegalUnit) -> tuple[str, ...]:
    """Return why fields of a legal unit are masked, then what is: a sentence for each that really is."""
    if not unit.masked:
        return ()
    if unit.diffusion == "U":
        return (
            "Cette entreprise n’est pas chargée : elle n’est pas dans les fichiers, ou sa ligne a été écartée. On ne "
            "sait pas si elle a demandé la discrétion.",
            "Le nom, l’activité et l’effectif de l’entreprise ne sont pas connus.",
            "L’adresse et la position de ses sites sont masquées.",
        )
    return (
        "Cette entreprise a demandé la discrétion (diffusion partielle, article R123-232-1 du code de commerce). Ces "
        "informations ne peuvent servir à la prospection.",
        *([] if unit.name else ["Le nom n’est pas publié."]),
        "Le sigle et le nom usuel ne sont pas publiés.",
        "L’appartenance à l’économie sociale et solidaire n’est pas publiée.",
        "L’adresse et la position de ses sites ne sont pas publiées.",
    )


def _legal(category: str | None) -> str:
    """Return a legal category by the first level of INSEE's nomenclature, which tells what kind of unit it is."""
    if not category:
        return "non connue"
    kind = LEGAL_KINDS.get(category[0])
    return f"{kind} (code {category})" if kind else f"code {category}"


def firm_facts(found: Firm) -> tuple[Fact, ...]:
    """Return the facts that Sirene publishes on a legal unit."""
    unit = found.unit
    size_note = "" if unit.size_label else "Non publié ne veut pas dire zéro."
    return (
        *([Fact("Nom au répertoire", unit.name)] if unit.name else []),
        Fact("SIREN", french.identifier(unit.siren)),
        Fact("Activité principale", activity_of(unit), note=f"Code {official_code(unit)}." if unit.naf else ""),
        *([Fact("Activité en NAF 2025", unit.naf25)] if unit.naf25 else []),
        Fact("Taille", size_of(unit), note=size_note),
        Fact("Catégorie d’entreprise", COMPANY.get(unit.company_category or "", "non connue"), note=_GROUP),
        Fact("Catégorie juridique", _legal(unit.legal_category)),
        Fact("Économie sociale et solidaire", {"O": "oui", "N": "non"}.get(unit.social_economy or "", "non connu")),
        Fact("Création", _created(unit)),
        Fact(
            "Sites",
            french.number(found.total),
            note=french.plural(found.total, "ouvert ou fermé", "ouverts et fermés"),
        ),
    )
