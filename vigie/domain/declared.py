"""What a declared entry, question or answer says of each of its fields, once, beside the field itself.

`title: Annotated[str, Label("Titre"), Length(200)]` in a frozen dataclass is enough for a form to be laid out, an
address or a body to be read, an API to be described and a column of a file to be headed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, replace
from dataclasses import fields as dataclass_fields
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, cast, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Hashable


@dataclass(frozen=True, slots=True)
class Label:
    """What people read beside the field."""

    text: str


@dataclass(frozen=True, slots=True)
class Hint:
    """One sentence that helps to fill the field, or to read the column."""

    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """The field's name in French addresses and forms, where it is not that of the code."""

    name: str


@dataclass(frozen=True, slots=True)
class Length:
    """How many characters a text may count at most."""

    most: int


@dataclass(frozen=True, slots=True)
class Missing:
    """What to say when the field is left empty, in one sentence."""

    sentence: str


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The least and the greatest value of a whole number."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class InUnit:
    """The unit of the values of a column, in French."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words that a field accepts, each with its label."""

    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TextShape:
    """How a text is typed or shown: several lines, an address, a number (to call, of a firm), a commune, a code."""

    kind: Literal["lines", "email", "phone", "siren", "siret", "commune", "identifier", "code"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field as everything that iterates over declarations reads it.

    `type` is the type of one value, without `None` (`nullable`) and without the tuple of a field that takes several
    (`many`). `default` is the number in use where none is given.
    """

    name: str
    type: type
    label: str
    hint: str = ""
    french: str = ""
    required: bool = True
    nullable: bool = False
    missing: str = ""
    many: bool = False
    length: int | None = None
    bounds: tuple[int, int] | None = None
    unit: str = ""
    default: int | None = None
    words: Mapping[str, str] | None = None
    shape: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the field in addresses: that of the code, and the French one where it differs."""
        return (self.name, self.french) if self.french and self.french != self.name else (self.name,)


def fields_of(declared: type[Any]) -> tuple[Field, ...]:
    """Return the fields of a frozen dataclass; raises `TypeError` for a field without a `Label`."""
    return _fields(cast("Hashable", declared))


@cache
def _fields(declared: Any) -> tuple[Field, ...]:
    hints = get_type_hints(declared, include_extras=True)
    return tuple(
        replace(
            _field(one.name, hints[one.name], one.default is MISSING and one.default_factory is MISSING),
            default=one.default if type(one.default) is int else None,
        )
        for one in dataclass_fields(declared)
    )


def _field(name: str, hint: Any, required: bool) -> Field:
    said = {type(one): one for one in hint.__metadata__} if get_origin(hint) is Annotated else {}
    if Label not in said:
        raise TypeError(f"the declared field « {name} » has no Label")
    of, many = _type_of(hint.__origin__)
    words = said[Words].labels if Words in said else _words_of(of)
    return Field(
        name=name,
        type=of,
        label=said[Label].text,
        hint=said[Hint].text if Hint in said else "",
        french=said[Named].name if Named in said else "",
        required=required,
        nullable=NoneType in get_args(hint.__origin__),
        missing=said[Missing].sentence if Missing in said else "",
        many=many,
        length=said[Length].most if Length in said else None,
        bounds=(said[NumberRange].low, said[NumberRange].high) if NumberRange in said else None,
        unit=said[InUnit].text if InUnit in said else "",
        words=words,
        shape=said[TextShape].kind if TextShape in said else "",
    )


def _type_of(hint: Any) -> tuple[type, bool]:
    """Return the type of one value, and whether the field takes several."""
    if get_origin(hint) in (Union, UnionType):
        hint = next(one for one in get_args(hint) if one is not NoneType)
    if get_origin(hint) is tuple:
        return get_args(hint)[0], True
    return hint, False


def _words_of(of: type) -> Mapping[str, str] | None:
    if not issubclass(of, StrEnum):
        return None
    return {word.value: getattr(word, "label", word.value) for word in of}
