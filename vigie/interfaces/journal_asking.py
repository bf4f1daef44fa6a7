"""What can be asked of the journal, by the same French names on the pages and in the API."""

from __future__ import annotations

from collections.abc import Iterable

from vigie.errors import RequestFault
from vigie.interfaces.asking import Parameter, among, day, read, whole
from vigie.services.records.reading import LAST_PAGE, AuditFilter

PAGE = Parameter("page", ("page",), "Page de la réponse.", whole(1, LAST_PAGE))
PARAMETERS = (
    Parameter("since", ("du",), "Premier jour.", day, example="2026-10-01"),
    Parameter("until", ("au",), "Dernier jour, compris.", day, example="2026-10-31"),
    Parameter("person", ("personne",), "Identifiant d’une personne de l’organisation."),
    Parameter("family", ("famille",), "Famille d’actes : le premier mot de leur code.", example="dossier"),
    Parameter("subject", ("objet",), "Identifiant d’un dossier, d’un contact, d’un appel…"),
    Parameter(
        "nature",
        ("nature",),
        "« act » : ce qui a été fait ; « access » : ce qui a été lu.",
        among({"act": "act", "access": "access"}),
    ),
    PAGE,
)


def journal_asked(pairs: Iterable[tuple[str, str]]) -> AuditFilter:
    """Read a filter; raises `RequestFault` when a name or a value is not understood."""
    wanted = AuditFilter(**read(PARAMETERS, pairs).or_fault())
    if wanted.since and wanted.until and wanted.until < wanted.since:
        raise RequestFault("Le dernier jour (« au ») vient avant le premier (« du »).")
    return wanted


def page_asked(pairs: Iterable[tuple[str, str]]) -> int:
    """Read the page of a list that takes nothing else; raises `RequestFault` when it is not understood."""
    return int(read((PAGE,), pairs).or_fault().get("page", 1))
