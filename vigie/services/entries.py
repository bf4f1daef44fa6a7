"""Reading what people or programs send for a declared entry, and saying in French what is wrong, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    create_model,
)
from pydantic import Field as PydanticField

from vigie.domain.actors import compact_identifier, is_siren, is_siret
from vigie.domain.days import EXAMPLES, read_day
from vigie.domain.declared import Field, fields_of
from vigie.domain.signs import all_entered
from vigie.errors import FieldFault, FieldFaults
from vigie.services.communes import typed_commune
from vigie.services.mail.addresses import known_address

if TYPE_CHECKING:
    from collections.abc import Hashable

Entry = TypeVar("Entry")
YES = "oui"
"""What a box that is ticked sends."""
_LONGEST = 20_000
"""Longest text that a field takes when its declaration does not say: some ten pages."""
_NO_DAY = "-"
_A_DAY = f"Cette date n’existe pas ou ne se lit pas : écrivez {EXAMPLES}."
_SENTENCES = {
    "missing": "Il manque « {label} ».",
    "string_too_long": "Ce texte compte {count} caractères ; {max_length} au plus.",
    "string_type": "Un texte est attendu.",
    "date_from_datetime_parsing": _A_DAY,
    "date_parsing": _A_DAY,
    "date_type": _A_DAY,
    "bool_parsing": "Donnez « oui » ou « non ».",
    "bool_type": "Donnez « oui » ou « non ».",
    "int_parsing": "Donnez un nombre entier.",
    "int_type": "Donnez un nombre entier.",
    "greater_than_equal": "Donnez un nombre de {ge} au moins.",
    "less_than_equal": "Donnez un nombre de {le} au plus.",
    "extra_forbidden": "Ce champ n’existe pas ici.",
    "too_long": "C’est trop : {max_length} au plus.",
}
_OTHERWISE = "Ce qui est donné ne se lit pas."


def body_of(entry: type[Any], *but: str) -> type[BaseModel]:
    """Return the body that carries an entry: its fields with labels and limits, and nothing else.

    Those that the address itself tells are left out.
    """
    return _body(cast("Hashable", entry), *but)


def read(entry: type[Entry], given: Entry | Mapping[str, Any]) -> Entry:
    """Return an entry read from a body or a form, or made by a program, put right.

    Raises `FieldFault` for the field at fault, `FieldFaults` with a sentence for each when several are.
    """
    sent = given if isinstance(given, Mapping) else _fields_in(entry, given)
    try:
        kept = body_of(entry).model_validate(all_entered(sent))
    except ValidationError as fault:
        said = _said(entry, fault)
        raise FieldFaults(said) if len(said) > 1 else FieldFault(*next(iter(said.items()))) from None
    return entry(**{one.name: getattr(kept, one.name) for one in fields_of(entry)})


def _fields_in(entry: type[Any], given: Any) -> Mapping[str, Any]:
    return {one.name: getattr(given, one.name) for one in fields_of(entry) if hasattr(given, one.name)}


def typed(entry: type[Any], form: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the fields of a form as a body has them: what is left empty is not given, boxes are yes or no.

    Raises `FieldFault` for five digits that people may mean as two communes; programs mean a code.
    """
    given: dict[str, Any] = {}
    for one in fields_of(entry):
        text = form.get(one.names[-1], form.get(one.name, ""))
        if one.type is bool:
            given |= {one.name: text == YES} if text or not one.nullable else {}
        elif text.strip():
            text = typed_commune(text) if one.shape == "commune" else text
            given[one.name] = text
    return given


def written(entry: type[Any], *rows: Any) -> Mapping[str, str]:
    """Return the fields of an entry as a form shows them, each from the first of some rows that has it."""
    found = {}
    for name, shown in (*((one.name, one.names[-1]) for one in fields_of(entry)), ("version", "version")):
        row = next((row for row in rows if hasattr(row, name)), None)
        value = getattr(row, name, None)
        text = (YES if value else "") if isinstance(value, bool) else value
        found[shown] = text.isoformat() if isinstance(text, date) else str(text or "")
    return found


@cache
def _body(entry: Any, *but: str) -> type[BaseModel]:
    fields = {one.name: (_annotated(one), _described(entry, one)) for one in fields_of(entry) if one.name not in but}
    return create_model(
        f"{entry.__name__}{'Rest' if but else ''}Body",
        __config__=ConfigDict(extra="forbid"),
        __doc__=entry.__doc__,
        **cast("Any", fields),
    )


def _annotated(one: Field) -> Any:
    kind: Any = one.type
    if one.type is str:
        kind = Annotated[
            str, StringConstraints(strip_whitespace=True, max_length=one.length or (None if one.words else _LONGEST))
        ]
        if one.required:
            kind = Annotated[kind, AfterValidator(_filled(one))]
        if one.shape in _CHECKS:
            kind = Annotated[kind, AfterValidator(_CHECKS[one.shape])]
    if one.type is date:
        kind = Annotated[kind, BeforeValidator(day_given)]
    if one.words is not None:
        kind = Annotated[kind, BeforeValidator(_among(one))]
    if one.many:
        kind = tuple[kind, ...]
    return kind | NoneType if one.nullable else kind


def _described(entry: Any, one: Field) -> Any:
    words = f" {', '.join(f'{word} ({label})' for word, label in one.words.items())}." if one.words else ""
    about: dict[str, Any] = {"description": f"{one.label}.{words}{' ' + one.hint if one.hint else ''}"}
    if one.words is not None:
        about["json_schema_extra"] = {"enum": [*([] if one.required else [""]), *one.words]}
    if one.bounds is not None:
        about |= {"ge": one.bounds[0], "le": one.bounds[1]}
    return PydanticField(**about) if one.required else PydanticField(_default(entry, one.name), **about)


def _default(entry: Any, name: str) -> Any:
    return entry.__dataclass_fields__[name].default


def _filled(one: Field) -> Any:
    def filled(text: str) -> str:
        if not text:
            raise ValueError(one.missing or "Écrivez quelque chose ici.")
        return text

    return filled


def _address(text: str) -> str:
    try:
        return known_address(text, "") if text else ""
    except FieldFault as fault:
        raise ValueError(str(fault)) from None


def _siren(text: str) -> str:
    number = compact_identifier(text) or text
    if text and not (is_siren(number) or is_siret(number)):
        raise ValueError("Ce numéro n’est pas un SIREN : 9 chiffres, dont une clé de contrôle.")
    return number


def _siret(text: str) -> str:
    number = compact_identifier(text) or text
    if text and not is_siret(number):
        raise ValueError("Ce numéro n’est pas un SIRET : 14 chiffres, dont une clé de contrôle.")
    return number


_CHECKS = {"email": _address, "siren": _siren, "siret": _siret}
"""What a text of a shape must be, and how it is kept."""


def _among(one: Field) -> Any:
    def chosen(word: Any) -> Any:
        if isinstance(word, str) and (word in (one.words or ()) or (not word and not one.required)):
            return word
        raise ValueError(f"Choisissez parmi ce qui est proposé : {', '.join((one.words or {}).values())}.")

    return chosen


def day_given(given: Any) -> Any:
    """Return the day that a body or a form gives, by the one rule of days; what is none is left to be refused.

    Numbers are refused as well, which pydantic would read as seconds since 1970.
    """
    if isinstance(given, str) and given:
        return read_day(given) or _NO_DAY
    return _NO_DAY if isinstance(given, int | float) else given


def _said(entry: type[Any], fault: ValidationError) -> Mapping[str, str]:
    fields = {one.name: one for one in fields_of(entry)}
    said: dict[str, str] = {}
    for error in fault.errors(include_url=False):
        name = str(error["loc"][0]) if error["loc"] else ""
        if error["type"] == "value_error":
            sentence = str(error["ctx"]["error"])
        elif error["type"] == "missing" and fields[name].missing:
            sentence = fields[name].missing
        else:
            label = fields[name].label if name in fields else name
            context = {"label": label, "count": len(str(error["input"]).strip()), **error.get("ctx", {})}
            sentence = _SENTENCES.get(error["type"], _OTHERWISE).format(**context)
        said.setdefault(name, sentence)
    return said
