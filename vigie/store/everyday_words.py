"""Everyday words of directories: legal forms, linking words, abbreviations."""

from __future__ import annotations

LEGAL_FORMS = frozenset(
    {
        "sarl", "sas", "sasu", "sa", "eurl", "sci", "scm", "scp", "snc", "selarl", "selas", "selasu", "scop",
        "scic", "scea", "earl", "gaec", "gie", "gip", "sca", "scs", "scpi", "sccv", "sem", "spl", "ei", "eirl",
        "gfa", "cuma", "asbl",
    }
)  # fmt: skip
LINKING_WORDS = frozenset(
    {
        "a", "au", "aux", "l", "d", "de", "des", "du", "la", "le", "les", "et", "en", "sur", "sous", "dans",
        "chez", "par", "pour", "avec", "un", "une", "the", "and", "of",
    }
)  # fmt: skip
ABBREVIATIONS = {
    "st": "saint", "ste": "sainte", "ets": "etablissements", "etabl": "etablissements",
    "entr": "entreprise", "soc": "societe", "cie": "compagnie", "assoc": "association",
    "ass": "association", "gge": "garage", "bd": "boulevard", "bld": "boulevard", "bvd": "boulevard",
    "av": "avenue", "ave": "avenue", "pl": "place", "rte": "route", "ch": "chemin", "imp": "impasse", "all": "allee",
    "fg": "faubourg", "fbg": "faubourg", "sq": "square", "res": "residence",
    "rest": "restaurant", "pharm": "pharmacie", "boul": "boulangerie", "ctre": "centre", "cab": "cabinet",
    "dr": "docteur", "gal": "general", "mal": "marechal", "pdt": "president", "prof": "professeur",
    "col": "colonel", "cdt": "commandant", "cne": "capitaine", "mgr": "monseigneur", "intl": "international",
    "synd": "syndicat", "fed": "federation", "cop": "copropriete",
    "serv": "services", "tech": "technique", "ind": "industrie", "constr": "construction", "elec": "electricite",
    "elect": "electricite", "transp": "transports", "imm": "immobilier", "immo": "immobilier",
    "info": "informatique", "bat": "batiment", "gpe": "groupe", "grp": "groupe", "coop": "cooperative",
    "freres": "frere", "frs": "freres",
}  # fmt: skip
