"""Indicators as cards declare them: what the column holds, of which territories, how it is brought to wider ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from vigie.sources.card_uses import INDICATOR, Use, card_fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.errors import StructureFault
    from vigie.sources.cards_reader import Card

TERRITORIES = ("commune", "epci", "ept", "ze", "aav", "bv", "uu", "bassin", "departement", "region", "france")
SEVERAL = ("sum", "count")
_POPULATION = "population"  # what every generation holds, without a card


class Aggregation(StrEnum):
    """How the value of a wider territory follows from those of its communes.

    SUM: their sum. RATIO: `scale` × sum of the numerators / sum of the denominators, both indicators that are summed.
    MEAN: their mean weighted by an indicator that is summed; approximate for a median or a rate. NONE: it does not.
    """

    SUM = "sum"
    RATIO = "ratio"
    MEAN = "mean"
    NONE = "none"

    @property
    def label(self) -> str:
        """French words that say it."""
        return _LABELS[self]


_LABELS = {
    Aggregation.SUM: "somme des valeurs des communes",
    Aggregation.RATIO: "rapport de deux sommes, toutes deux gardées",
    Aggregation.MEAN: "moyenne pondérée des valeurs des communes (valeur approchée)",
    Aggregation.NONE: "aucune\u00a0: la valeur ne se déduit pas de celles des communes",
}


def levels_of(use: Use) -> list[str]:
    """Return the kinds of territory that the rows of a use may be of, as its card writes them."""
    written = use.layout.get("territory_kind", "commune")
    if not isinstance(written, dict):
        return [str(written)]
    return sorted({str(kind) for kinds in written.values() if isinstance(kinds, dict) for kind in kinds.values()})


@dataclass(frozen=True, slots=True)
class IndicatorUse:
    """An indicator drawn from a file, checked; `use` says where its cells are found.

    `kinds` are the kinds of territory of its rows: one for all, or by the value of the column `kind_column`. `status`
    gives, by column, the marks that make a value secret or missing. `several` adds (or counts) the rows of a territory.
    `accuracy` says how far the rule of aggregation falls from values published for wider territories.
    """

    use: Use
    unit: str
    kinds: Mapping[str, str] = field(hash=False)
    kind_column: str | None
    vintage: str
    decimal: str
    secret: frozenset[str]
    missing: frozenset[str]
    status: Mapping[str, Mapping[str, frozenset[str]]] = field(hash=False)
    aggregation: Aggregation
    weight: str | None
    numerator: str | None
    denominator: str | None
    scale: float
    several: str | None
    secrecy: str
    accuracy: str

    @property
    def id(self) -> str:
        """Identifier of the indicator."""
        return self.use.id

    @property
    def additive(self) -> bool:
        """Whether values of parts may be summed."""
        return self.aggregation is Aggregation.SUM

    @property
    def levels(self) -> tuple[str, ...]:
        """Kinds of territory that the file gives values of."""
        return tuple(dict.fromkeys(self.kinds.values()))

    @property
    def derived(self) -> bool:
        """Whether the file has no column of values: they are the ratio of two of its other indicators."""
        return self.aggregation is Aggregation.RATIO and "value" not in self.use.columns

    def said(self, key: str) -> str:
        """Return a text that the card gives (theme, question, formula, reading), empty when it gives none."""
        return str(self.use.layout.get(key, ""))


def indicator_uses(card: Card) -> tuple[IndicatorUse, ...]:
    """Return the indicators of a card. Raises `StructureFault` naming the key at fault."""
    return tuple(_checked(card, use) for use in card.all_uses if use.kind == INDICATOR)


def check_uses(cards: Sequence[Card]) -> None:
    """Check indicators against one another: one card an indicator and level, weights and parts that exist and add up.

    Raises `StructureFault` naming the card and the key.
    """
    owners: dict[tuple[str, str], Card] = {}
    found: dict[str, tuple[Card, IndicatorUse]] = {}
    for card in cards:
        indicators = indicator_uses(card)
        given = [(one.id, level) for one in indicators for level in one.levels]
        for name, level in given + [(use.id, use.kind) for use in card.uses if use.kind != INDICATOR]:
            other = owners.setdefault((name, level), card)
            if other is not card and other.source != card.source:
                what = f"l’usage «\u00a0{name}\u00a0» ({level}) est déjà celui de la carte «\u00a0{other.id}\u00a0»."
                raise card_fault(f"{card.id}.yml", f"uses.{name}", what, "Donnez-lui un autre identifiant.")
        for one in indicators:
            _check_dated(card, one.use)
            found.setdefault(one.id, (card, one))
    for card, one in found.values():
        for key in ("weight", "numerator", "denominator"):
            name = getattr(one, key)
            if name is not None and name != _POPULATION:
                _check_named(card, one, key, found.get(name, (None, None))[1])


def _check_dated(card: Card, use: Use) -> None:
    if "vintage" not in use.layout and "vintage" not in {*use.columns, *(rule.as_ for rule in card.columns)}:
        choice = "une année, ou une colonne « vintage »"
        raise _fault(card, use, "vintage", "la date des valeurs n’est pas dite.", choice)


def _check_named(card: Card, one: IndicatorUse, key: str, named: IndicatorUse | None) -> None:
    written = getattr(one, key)
    if written == one.id:
        raise _fault(
            card, one.use, key, f"«\u00a0{written}\u00a0» se définit par lui-même.", "le nom d’un autre indicateur"
        )
    if named is None:
        raise _fault(card, one.use, key, f"l’indicateur «\u00a0{written}\u00a0» n’existe pas.", "celui d’une carte")
    if named.aggregation is Aggregation.RATIO and one.id in (named.numerator, named.denominator):
        raise _fault(card, one.use, key, f"«\u00a0{written}\u00a0» se définit par cet indicateur.", "un compte")
    if not named.additive:
        what = f"«\u00a0{written}\u00a0» ne se somme pas d’un territoire à l’autre."
        raise _fault(card, one.use, key, what, "un indicateur dont l’agrégation est « sum »")


def _fault(card: Card, use: Use, key: str, what: str, choice: str) -> StructureFault:
    place = f"uses.{use.id}.{key}" if card.uses else f"layout.{key}"
    return card_fault(f"{card.id}.yml", place, what, f"Donnez {choice}.")


def _checked(card: Card, use: Use) -> IndicatorUse:
    layout = use.layout
    decimal, several = str(layout.get("decimal", ".")), layout.get("several")
    if decimal not in (".", ","):
        raise _fault(card, use, "decimal", f"séparateur décimal « {decimal} » inconnu.", "« . » ou « , »")
    if several is not None and several not in SEVERAL:
        raise _fault(card, use, "several", f"« {several} » inconnu.", " ou ".join(SEVERAL))
    kinds, column = _kinds(card, use)
    aggregation, named = (
        _aggregation(card, use),
        {key: layout.get(key) for key in ("weight", "numerator", "denominator")},
    )
    scale = layout.get("scale", 1)
    if not isinstance(scale, int | float) or isinstance(scale, bool):
        raise _fault(card, use, "scale", f"« {scale} » n’est pas un nombre.", "un nombre, par exemple 100")
    return IndicatorUse(
        use, str(layout.get("unit", "")), kinds, column, str(layout.get("vintage", "")), decimal,
        markers(layout.get("secret")), markers(layout.get("missing")), _status(card, use), aggregation,
        named["weight"], named["numerator"], named["denominator"], float(scale),
        None if several is None else str(several), str(layout.get("secrecy", "")), str(layout.get("accuracy", "")),
    )  # fmt: skip


def _kinds(card: Card, use: Use) -> tuple[Mapping[str, str], str | None]:
    written = use.layout.get("territory_kind", "commune")
    column, kinds = None, {"": written}
    if isinstance(written, dict):
        [(column, kinds)] = written.items() if len(written) == 1 else [(None, {"": None})]
    for kind in kinds.values() if isinstance(kinds, dict) else [kinds]:
        if kind not in TERRITORIES:
            what = f"genre de territoire « {kind} » inconnu ici."
            raise _fault(card, use, "territory_kind", what, f"l’un de {', '.join(TERRITORIES)}")
    return {str(value): str(kind) for value, kind in kinds.items()}, column


def _aggregation(card: Card, use: Use) -> Aggregation:
    layout = use.layout
    text = str(layout.get("aggregation", "sum" if layout.get("additive") else "none"))
    if text not in tuple(Aggregation):
        choice = f"l’une de {', '.join(Aggregation)}"
        raise _fault(card, use, "aggregation", f"règle d’agrégation « {text} » inconnue.", choice)
    aggregation = Aggregation(text)
    needed = {Aggregation.MEAN: ("weight",), Aggregation.RATIO: ("numerator", "denominator")}.get(aggregation, ())
    for key in needed:
        if not layout.get(key):
            raise _fault(card, use, key, f"l’agrégation « {text} » la demande.", "l’identifiant d’un indicateur")
    return aggregation


def _status(card: Card, use: Use) -> Mapping[str, Mapping[str, frozenset[str]]]:
    written = use.layout.get("status", {})
    if not isinstance(written, dict) or not all(
        isinstance(marks, dict) and set(marks) <= {"secret", "missing"} for marks in written.values()
    ):
        choice = "par exemple « CONF_STATUS: {secret: [C]} »"
        raise _fault(card, use, "status", "des colonnes et leurs marques sont attendues.", choice)
    return {str(c): {status: markers(found) for status, found in marks.items()} for c, marks in written.items()}


def markers(written: Any) -> frozenset[str]:
    """Return the marks that a card lists, in small letters."""
    return frozenset(str(marker).lower() for marker in written or ())
