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

from vigie.domain.days import EXAMPLES, read_day
from vigie.domain.declared import Field, fields_of
from vigie.domain.signs import all_entered
from vigie.errors import FieldFaults

if TYPE_CHECKING:
    from collections.abc import Hashable

Entry = TypeVar("Entry")
_LONGEST = 20_000
"""Longest text that a field takes when its declaration does not say: some ten pages."""
_NO_DAY = "-"
_A_DAY = f"Cette date n’existe pas ou ne se lit pas : écrivez {EXAMPLES}."
_SENTENCES = {
    "missing": "Il manque « {label} ».",
    "string_too_long": "Ce texte compte plus de {max_length} caractères.",
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


def body_of(entry: type[Any]) -> type[BaseModel]:
    """Return the body that carries an entry: its fields with labels and limits, and nothing else."""
    return _body(cast("Hashable", entry))


def read(entry: type[Entry], given: Mapping[str, Any]) -> Entry:
    """Return an entry read from a body or a form; raises `FieldFaults`, a sentence for each field at fault."""
    try:
        kept = body_of(entry).model_validate(all_entered(given))
    except ValidationError as fault:
        raise FieldFaults(_said(entry, fault)) from None
    return entry(**{one.name: getattr(kept, one.name) for one in fields_of(entry)})


def typed(entry: type[Any], form: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the fields of a form as a body has them: what is left empty is not given, boxes are yes or no."""
    given: dict[str, Any] = {}
    for one in fields_of(entry):
        text = form.get(one.names[-1], form.get(one.name, ""))
        if one.type is bool:
            given[one.name] = text == "oui"
        elif text.strip():
            given[one.name] = text
    return given


@cache
def _body(entry: Any) -> type[BaseModel]:
    fields = {one.name: (_annotated(one), _described(entry, one)) for one in fields_of(entry)}
    return create_model(
        f"{entry.__name__}Body", __config__=ConfigDict(extra="forbid"), __doc__=entry.__doc__, **cast("Any", fields)
    )


def _annotated(one: Field) -> Any:
    kind: Any = one.type
    if one.type is str:
        kind = Annotated[str, StringConstraints(strip_whitespace=True, max_length=one.length or _LONGEST)]
        if one.required:
            kind = Annotated[kind, AfterValidator(_written)]
    if one.type is date:
        kind = Annotated[kind, BeforeValidator(day_given)]
    if one.words is not None:
        kind = Annotated[kind, BeforeValidator(_among(one))]
    if one.many:
        kind = tuple[kind, ...]
    return kind if one.required or one.type is str or one.many or one.type is bool else kind | NoneType


def _described(entry: Any, one: Field) -> Any:
    words = f" {', '.join(f'{word} ({label})' for word, label in one.words.items())}." if one.words else ""
    about: dict[str, Any] = {"description": f"{one.label}.{words}{' ' + one.hint if one.hint else ''}"}
    if one.bounds is not None:
        about |= {"ge": one.bounds[0], "le": one.bounds[1]}
    return PydanticField(**about) if one.required else PydanticField(_default(entry, one.name), **about)


def _default(entry: Any, name: str) -> Any:
    return entry.__dataclass_fields__[name].default


def _written(text: str) -> str:
    if not text:
        raise ValueError("Écrivez quelque chose ici.")
    return text


def _among(one: Field) -> Any:
    def chosen(word: Any) -> Any:
        if word in (one.words or ()) or (not word and not one.required):
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
    labels = {one.name: one.label for one in fields_of(entry)}
    said: dict[str, str] = {}
    for error in fault.errors(include_url=False):
        name = str(error["loc"][0]) if error["loc"] else ""
        if error["type"] == "value_error":
            sentence = str(error["ctx"]["error"])
        else:
            context = {"label": labels.get(name, name), **error.get("ctx", {})}
            sentence = _SENTENCES.get(error["type"], _OTHERWISE).format(**context)
        said.setdefault(name, sentence)
    return said
