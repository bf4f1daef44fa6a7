"""Matter that firms give or seek: waste codes, materials, energy, water, heat; yearly bands, never an exact amount."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FlowWay(StrEnum):
    """Whether a firm gives a matter or seeks it."""

    GIVES = "gives"
    TAKES = "takes"

    @property
    def label(self) -> str:
        """What people read."""
        return "Sort de chez elle" if self is FlowWay.GIVES else "Entre chez elle"

    @property
    def other(self) -> FlowWay:
        """The way of whoever would be at the other end."""
        return FlowWay.TAKES if self is FlowWay.GIVES else FlowWay.GIVES


class YearlyBand(StrEnum):
    """How much in a year, wide enough to tell no competitor anything."""

    BELOW_1 = "moins-de-1"
    UP_TO_10 = "1-10"
    UP_TO_100 = "10-100"
    UP_TO_1000 = "100-1000"
    MORE = "plus-de-1000"

    @property
    def label(self) -> str:
        """What people read, without its unit."""
        return _BAND_LABELS[self]

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and greatest amount; the last band is closed at ten times its beginning, to be reckoned with."""
        return _BOUNDS[self]

    @property
    def middle(self) -> float:
        """Geometric middle of the band: what its amount is reckoned to be."""
        low, high = self.bounds
        return float((low * high) ** 0.5)


_BOUNDS = {
    YearlyBand.BELOW_1: (0.1, 1.0), YearlyBand.UP_TO_10: (1.0, 10.0), YearlyBand.UP_TO_100: (10.0, 100.0),
    YearlyBand.UP_TO_1000: (100.0, 1000.0), YearlyBand.MORE: (1000.0, 10_000.0),
}  # fmt: skip
"""A tenfold each, as wide as tells whether one can answer the other; the ends are closed a tenfold away."""
_BAND_LABELS = {
    YearlyBand.BELOW_1: "moins de 1", YearlyBand.UP_TO_10: "de 1 à 10", YearlyBand.UP_TO_100: "de 10 à 100",
    YearlyBand.UP_TO_1000: "de 100 à 1 000", YearlyBand.MORE: "plus de 1 000",
}  # fmt: skip


def band_of(amount: float) -> YearlyBand:
    """Return the band of an amount.

    >>> band_of(10).value
    '10-100'
    """
    return next((band for band, (_, high) in _BOUNDS.items() if amount < high), YearlyBand.MORE)


class Season(StrEnum):
    """When in the year."""

    ALL_YEAR = "annee"
    SPRING = "printemps"
    SUMMER = "ete"
    AUTUMN = "automne"
    WINTER = "hiver"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            Season.ALL_YEAR: "toute l’année", Season.SPRING: "au printemps", Season.SUMMER: "en été",
            Season.AUTUMN: "en automne", Season.WINTER: "en hiver",
        }[self]  # fmt: skip


class Substance(StrEnum):
    """Matter that is no coded waste, in closed words: no free text says more than it should."""

    WOOD = "bois"
    PAPER = "papier"
    PLASTIC = "plastique"
    METAL = "metal"
    GLASS = "verre"
    TEXTILE = "textile"
    ORGANIC = "organique"
    MINERAL = "mineral"
    ENERGY = "energie"
    HEAT = "chaleur"
    WATER = "eau"

    @property
    def label(self) -> str:
        """What people read."""
        return _SUBSTANCES[self][0]

    @property
    def unit(self) -> str:
        """Unit of its yearly band."""
        return _SUBSTANCES[self][1]

    @property
    def chapters(self) -> tuple[str, ...]:
        """Beginnings of the waste codes that are of this matter."""
        return _SUBSTANCES[self][2]


TONNES = "t par an"
_T, _MWH, _M3 = TONNES, "MWh par an", "milliers de m³ par an"
_SUBSTANCES: dict[Substance, tuple[str, str, tuple[str, ...]]] = {
    Substance.WOOD: ("bois", _T, ("030101", "030105", "030301", "150103", "170201", "191207", "200138")),
    Substance.PAPER: ("papier et carton", _T, ("030307", "030308", "150101", "191201", "200101")),
    Substance.PLASTIC: ("matières plastiques", _T,
                        ("020104", "070213", "120105", "150102", "160119", "170203", "191204", "200139")),
    Substance.METAL: ("métaux", _T, ("020110", "120101", "120102", "120103", "120104", "150104", "160117", "160118",
                                     "1704", "191001", "191002", "191202", "191203", "200140")),
    Substance.GLASS: ("verre", _T, ("101112", "150107", "160120", "170202", "191205", "200102")),
    Substance.TEXTILE: ("textiles", _T, ("040209", "0402", "150109", "191208", "200110", "200111")),
    Substance.ORGANIC: ("matières organiques", _T, ("0201", "0202", "0203", "0204", "0205", "0206", "0207", "200108",
                                                    "200125", "200201", "200302")),
    Substance.MINERAL: ("matières minérales", _T, ("0101", "0104", "1012", "1013", "1701", "170504", "170508", "191209",
                                                   "200202")),
    Substance.ENERGY: ("énergie", _MWH, ()),
    Substance.HEAT: ("chaleur", _MWH, ()),
    Substance.WATER: ("eau", _M3, ()),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matter:
    """What flows: a waste code of six digits, or a substance; one of the two is said."""

    waste: str = ""
    substance: Substance | None = None

    @property
    def key(self) -> str:
        """Word of the matter wherever it is kept: the code, or the substance."""
        return self.waste or (self.substance.value if self.substance else "")

    @property
    def unit(self) -> str:
        """Unit of its yearly band."""
        return self.substance.unit if self.substance else _T


def matter_of(key: str) -> Matter:
    """Return the matter that a word keeps.

    >>> matter_of("170201").waste, matter_of("chaleur").substance.label
    ('170201', 'chaleur')
    """
    return Matter(waste=key) if key.isdigit() else Matter(substance=Substance(key))


def same_matter(given: Matter, sought: Matter) -> bool:
    """Tell whether what is given may be what is sought: the same, or a waste of the substance sought or given.

    Two waste codes are the same when all six digits are: a neighbouring code is another matter in law.

    >>> same_matter(Matter("170201"), Matter(substance=Substance.WOOD)), same_matter(Matter("170201"), Matter("170202"))
    (True, False)
    """
    if given == sought:
        return True
    for waste, substance in ((given.waste, sought.substance), (sought.waste, given.substance)):
        if waste and substance is not None:
            return waste.startswith(substance.chapters) if substance.chapters else False
    return False
