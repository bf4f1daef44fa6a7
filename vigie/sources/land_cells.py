"""Cells of inventories of land, checked by the shape of their column: what they say, or what is wrong in them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from vigie.domain import french
from vigie.domain.actors import is_siren, is_siret
from vigie.domain.addresses import AddressFault, read_address
from vigie.domain.days import read_day
from vigie.errors import RequestFault
from vigie.sources import nomenclature
from vigie.sources.cog_lookup import code_book

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vigie.sources.land_layouts import LandColumn

MISSING = ("", "NA", "NaN", "N/A")
"""What the standards write where nothing is known."""
MOST_CHARACTERS = 2_000
"""Of a cell that is no geometry."""
_EARLIEST = 1500
"""Year before which no site of an inventory was made."""
_LONGEST_SHOWN = 40
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PARCEL = re.compile(r"(?:\d{2}|2[AB])\d{6}[0-9A-Z]{2}\d{4}")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_PERCENT = 100
_WORD_END = (" ", ",")


class CellFaultError(ValueError):
    """A cell cannot be kept: what is wrong, and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what} {remedy}")


def read_cell(column: LandColumn, text: str, today: date) -> Any:
    """Return what a cell says, `None` where nothing is known; raises `CellFaultError`."""
    said = text.strip()
    if said in MISSING:
        if column.required:
            raise CellFaultError("la cellule est vide.", "Le standard veut qu’elle soit remplie.")
        return None
    if "\x00" in said or "\ufffd" in said:
        raise CellFaultError("un caractère est illisible.", "Enregistrez le fichier en UTF-8.")
    if column.shape in ("surface", "point", "points"):
        return _geometry(column.shape, said)
    if len(said) > MOST_CHARACTERS:
        raise CellFaultError(f"ce texte dépasse {french.number(MOST_CHARACTERS)} caractères.", "Raccourcissez-le.")
    if column.words:
        return _among(column, said)
    if column.shape in ("day", "year"):
        return _DATES[column.shape](said, today)
    return _SHAPES[column.shape](said)


def _geometry(shape: str, said: str) -> Any:
    from vigie.sources.land_shapes import ShapeFaultError, point_of, surface_of  # noqa: PLC0415 - a server spares Shapely

    try:
        return surface_of(said) if shape == "surface" else point_of(said)
    except ShapeFaultError as fault:
        raise CellFaultError(fault.what, fault.remedy) from fault


def _among(column: LandColumn, said: str) -> str:
    parts = said.split("|") if column.shape == "list" else [said]
    return "|".join(_word(one, column.words) for one in parts)


def _word(said: str, words: tuple[str, ...]) -> str:
    """Return the word of a list that is meant: capitals and accents do not count, its beginning is enough if alone.

    The standard’s own example writes « existant » for « existant et actif ».
    """
    plain, typed = _plain_words(words), _plain(said)
    if typed in plain:
        return plain[typed]
    begun = [one for word, one in plain.items() if word.startswith(tuple(typed + end for end in _WORD_END))]
    if len(begun) == 1:
        return begun[0]
    near = get_close_matches(typed, plain, 1)
    offered = f"Vouliez-vous dire « {plain[near[0]]} » ?" if near else f"Choisissez parmi : {', '.join(words)}."
    raise CellFaultError(f"« {said[:_LONGEST_SHOWN]} » n’est pas un mot du standard.", offered)


@lru_cache(maxsize=64)
def _plain_words(words: tuple[str, ...]) -> Mapping[str, str]:
    """Return the words of a column by their plain letters, made once: each cell of it asks for them."""
    return {_plain(one): one for one in words}


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return " ".join("".join(sign for sign in letters if not unicodedata.combining(sign)).split())


def _text(said: str) -> str:
    if _TAG.search(said):
        raise CellFaultError("il y a des balises HTML.", "Ne gardez que le texte.")
    return said


def _identifier(said: str) -> str:
    if "|" in said or len(said) > _PERCENT:
        raise CellFaultError("un seul identifiant est attendu.", "Donnez-en un, par exemple 80024_SITE-ECO_00001.")
    return said


def _number(said: str) -> float:
    if not _NUMBER.fullmatch(said):
        mended = said.replace(",", ".").replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
        remedy = f"Écrivez {mended}." if _NUMBER.fullmatch(mended) else "Donnez des chiffres, avec un point décimal."
        raise CellFaultError(f"« {said[:_LONGEST_SHOWN]} » n’est pas un nombre du standard.", remedy)
    if said.startswith("-"):
        raise CellFaultError("ce nombre est négatif.", "Donnez un nombre positif, ou rien s’il n’est pas connu.")
    return float(said)


def _count(said: str) -> int:
    found = _number(said)
    if found != int(found):
        raise CellFaultError("un nombre entier est attendu.", "Comptez sans décimales.")
    return int(found)


def _share(said: str) -> float:
    found = _number(said)
    if found > _PERCENT:
        raise CellFaultError("ce taux dépasse 100 %.", "Donnez un taux entre 0 et 100.")
    return found


def _day(said: str, today: date) -> date:
    try:
        found = date.fromisoformat(said) if _DAY.fullmatch(said) else None
    except ValueError:
        raise CellFaultError("ce jour n’existe pas.", "Écrivez l’année, le mois et le jour : 2023-08-29.") from None
    if found is None:
        guessed = read_day(said)
        remedy = f"Écrivez {guessed.isoformat()}." if guessed else "Écrivez l’année, le mois et le jour : 2023-08-29."
        raise CellFaultError(f"« {said[:_LONGEST_SHOWN]} » n’est pas un jour du standard.", remedy)
    return _not_to_come(found, today, found.year)


def _year(said: str, today: date) -> int:
    if not re.fullmatch(r"\d{4}", said):
        raise CellFaultError(f"« {said[:_LONGEST_SHOWN]} » n’est pas une année.", "Écrivez quatre chiffres : 2015.")
    _not_to_come(date(max(int(said), 1), 1, 1), today, int(said))
    return int(said)


def _not_to_come(found: date, today: date, year: int) -> date:
    if found > today:
        raise CellFaultError("cette date est à venir.", "Donnez une date passée.")
    if year < _EARLIEST:
        raise CellFaultError("cette date est trop ancienne pour être vraie.", "Vérifiez l’année.")
    return found


def _siren(said: str) -> str:
    if not is_siren(said):
        raise CellFaultError(
            "ce n’est pas un SIREN.", "Un SIREN a neuf chiffres, le dernier est une clé : recopiez-le."
        )
    return said


def _siret(said: str) -> str:
    if not is_siret(said):
        remedy = "Un SIRET a quatorze chiffres ; un tableur en perd (3,47E+13) : mettez la colonne en texte."
        raise CellFaultError("ce n’est pas un SIRET.", remedy)
    return said


def _epci(said: str) -> str:
    siren, known = _siren(said), code_book().territories
    if ("epci", siren) not in known and ("ept", siren) not in known:
        raise CellFaultError("ce SIREN n’est celui d’aucune intercommunalité.", "Prenez-le sur la page du territoire.")
    return siren


def _commune(said: str) -> str:
    found = code_book().today(said)
    if found is None:
        remedy = "Donnez le code Insee, cinq caractères, et non le code postal ; un tableur ôte le zéro de devant."
        raise CellFaultError("ce n’est pas le code Insee d’une commune.", remedy)
    return found


def _parcels(said: str) -> str:
    for one in said.split("|"):
        if not _PARCEL.fullmatch(one):
            remedy = "Quatorze caractères par parcelle, séparées par « | » : 80024000ZO0030|80024000ZO0034."
            raise CellFaultError(f"« {one[:_LONGEST_SHOWN]} » n’est pas un identifiant de parcelle.", remedy)
    return said


def _link(said: str) -> str:
    if not re.fullmatch(r"https?://[^\s/$.?#].\S*", said):
        raise CellFaultError("ce n’est pas une adresse web.", "Elle commence par http:// ou https://, sans espace.")
    return said


def _mail(said: str) -> str:
    try:
        return read_address(said)
    except AddressFault as fault:
        raise CellFaultError("ce n’est pas une adresse électronique.", str(fault)) from fault


def _phone(said: str) -> str:
    if not re.fullmatch(r"\+?[\d .\-()]{9,20}", said):
        raise CellFaultError("ce n’est pas un numéro de téléphone.", "Écrivez par exemple 03 22 00 00 00.")
    return said


def _activity(said: str) -> str:
    try:
        return nomenclature.normalise(said)
    except RequestFault as fault:
        raise CellFaultError("ce n’est pas un code d’activité (NAF rév. 2).", "Écrivez par exemple 4520B.") from fault


def _legal_form(said: str) -> str:
    if not re.fullmatch(r"\d{4}", said):
        raise CellFaultError("ce n’est pas une catégorie juridique.", "Écrivez ses quatre chiffres : 5710.")
    return said


def _distances(said: str) -> str:
    if not re.fullmatch(r"\d+\|\d+\|\d+", said):
        remedy = "Route, fer, eau, en kilomètres entiers : 2|6|46."
        raise CellFaultError(f"trois distances séparées par « | » sont attendues, pas {said[:_LONGEST_SHOWN]}.", remedy)
    return said


def _yes_no(said: str) -> bool:
    if said.casefold() not in ("oui", "non"):
        raise CellFaultError(f"« {said[:_LONGEST_SHOWN]} » n’est ni oui ni non.", "Écrivez oui ou non.")
    return said.casefold() == "oui"


_SHAPES: Mapping[str, Callable[[str], Any]] = {
    "text": _text, "identifier": _identifier, "identifiers": _text, "number": _number, "count": _count,
    "share": _share, "siren": _siren, "siret": _siret, "epci": _epci, "commune": _commune, "parcels": _parcels,
    "link": _link, "mail": _mail, "phone": _phone, "activity": _activity, "legal_form": _legal_form,
    "distances": _distances, "yes_no": _yes_no,
}  # fmt: skip
_DATES: Mapping[str, Callable[[str, date], Any]] = {"day": _day, "year": _year}
