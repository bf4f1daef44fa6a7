"""What people type for accounts, put right or refused beside its field."""

from __future__ import annotations

import re

from vigie.domain.access import Role
from vigie.domain.actors import compact_siren, is_siren
from vigie.domain.signs import entered
from vigie.domain.territory import TerritoryKind
from vigie.errors import FieldFault
from vigie.services.mail.addresses import writable_address

_CODE = re.compile(r"[0-9A-Za-z-]{1,30}")


def clean_email(text: str, field: str = "courriel") -> str:
    """Return an e-mail address put right; raises `FieldFault` when letters may not leave for it."""
    return writable_address(text, field)


def clean_name(name: str, field: str = "nom") -> str:
    """Return a person's name, blanks put right; raises `FieldFault` when there is none."""
    kept = " ".join(entered(name).split())
    if not kept or len(kept) > 120:
        raise FieldFault(field, "Écrivez votre prénom et votre nom (120 caractères au plus).")
    return kept


def clean_text(text: str, field: str, what: str, longest: int) -> str:
    """Return a short text, blanks put right; raises `FieldFault` when it is empty or too long."""
    kept = " ".join(entered(text).split())
    if not kept or len(kept) > longest:
        raise FieldFault(field, f"Écrivez {what} ({longest} caractères au plus).")
    return kept


def clean_siren(text: str, field: str = "siren") -> str:
    """Return a SIREN without what separates its digits; raises `FieldFault` when it is not one."""
    kept = compact_siren(text)
    if not is_siren(kept):
        raise FieldFault(field, "Ce n’est pas un numéro SIREN : neuf chiffres, dont le dernier vérifie les autres.")
    return kept


def clean_role(text: str, allowed: frozenset[Role], field: str = "role") -> Role:
    """Return a role among those allowed; raises `FieldFault` otherwise."""
    found = next((role for role in allowed if role.value == text), None)
    if found is None:
        known = ", ".join(sorted(role.value for role in allowed))
        raise FieldFault(field, f"Choisissez un rôle que vous pouvez donner : {known}.")
    return found


def clean_territory(text: str, field: str = "territoire") -> str:
    """Return a territory's key, or nothing; raises `FieldFault` when it is not written as one."""
    kept = text.strip()
    kind, colon, code = kept.partition(":")
    if kept and not (colon and kind in {one.value for one in TerritoryKind} and _CODE.fullmatch(code)):
        raise FieldFault(field, "Écrivez la clé d’un territoire, comme epci:248500621 ou departement:85.")
    return kept
