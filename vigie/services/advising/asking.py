"""What somebody asks of advisers, read from words: the subject, the firm or the commune."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.advising import AdviceSubject
from vigie.domain.levers import Applicant, traits
from vigie.errors import FieldFault, NotFound, RequestFault
from vigie.services.aids.asker import asking_firm
from vigie.services.communes import commune_code, commune_name

if TYPE_CHECKING:
    from vigie.services.questions import DataInService

_COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class AdviceAsked:
    """A subject, a commune, what is known of who asks; `firm` is how the firm is called, empty without one."""

    subject: AdviceSubject
    commune: str
    place: str
    asker: Applicant
    firm: str = ""


def advice_asked(data: DataInService | None, subject: str, firm: str, commune: str) -> AdviceAsked:
    """Return what is asked; raises `FieldFault` for what is not understood, `Objected` like any reading of a firm.

    Without a firm only the commune is known: services that filter firms are then not proposed.
    """
    if subject not in set(AdviceSubject):
        known = french.listed(AdviceSubject)
        raise FieldFault("sujet", f"« {subject} » n’est pas un sujet : choisissez parmi {known}." if subject else (
            "Choisissez un sujet."))  # fmt: skip
    chosen = AdviceSubject(subject)
    if firm.strip():
        return _of_firm(data, chosen, firm)
    try:
        code = commune_code(commune)
    except RequestFault as fault:
        raise FieldFault("commune", str(fault)) from None
    if not code:
        raise FieldFault("commune", "Dites dans quelle commune, ou pour quelle entreprise.")
    asker = Applicant(traits(_COMMUNE, [code]), frozenset({_COMMUNE}))
    return AdviceAsked(chosen, code, commune_name(code), asker)


def _of_firm(data: DataInService | None, subject: AdviceSubject, firm: str) -> AdviceAsked:
    if data is None:
        raise FieldFault("entreprise", "Aucune entreprise n’est chargée ici : donnez plutôt la commune.")
    try:
        found = asking_firm(data, firm, french.today())
    except (NotFound, RequestFault) as fault:
        raise FieldFault("entreprise", str(fault)) from None
    prefix = f"{_COMMUNE}:"
    code = next((one.removeprefix(prefix) for one in sorted(found.asker.traits) if one.startswith(prefix)), "")
    if not code:
        raise FieldFault("commune", "La commune de cette entreprise n’est pas connue : donnez-la.")
    return AdviceAsked(subject, code, commune_name(code), found.asker, found.name)
