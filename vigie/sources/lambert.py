"""Projected coordinates of the Sirene stock to longitude and latitude, as Ibis arithmetic.

INSEE gives metres in the legal projection of each territory (decree 2000-1276): Lambert-93 in metropolitan France,
a UTM zone overseas. All rest on the GRS 80 ellipsoid, which agrees with WGS 84 to a tenth of a millimetre.

Lambert-93 (EPSG:2154), inverse of a conic with two standard parallels, with n, C, Xs, Ys of the IGN (NTG 71):
    R = √((x − Xs)² + (y − Ys)²), γ = atan((x − Xs) / (Ys − y)), λ = 3° + γ/n
    isometric latitude L = −ln(R / C) / n, conformal latitude χ = 2·atan(eᴸ) − π/2
UTM, inverse by Krüger's series of third order in n (an error below a millimetre within a zone):
    ξ = y / (k₀A), η = (x − 500 km) / (k₀A), then ξ′ and η′ by the β series,
    χ = asin(sin ξ′ / cosh η′), λ = λ₀ + atan(sinh η′ / cos ξ′)
Both end with φ = χ + Σ δⱼ·sin(2jχ), the series in closed form of the iteration on the latitude.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import ibis

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

_FLATTENING = 1 / 298.257222101
"""The ellipsoid GRS 80, that of RGF93."""
_SEMI_MAJOR = 6378137.0
"""Metres."""
_N = _FLATTENING / (2 - _FLATTENING)
_SCALE = 0.9996 * _SEMI_MAJOR / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
"""Scale of UTM on its central meridian, times the radius of the rectifying sphere."""

# Krüger's coefficients, in powers of the third flattening n.
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96,
    _N**2 / 48 + _N**3 / 15,
    17 * _N**3 / 480,
)
_DELTA = (
    2 * _N - 2 * _N**2 / 3 - 2 * _N**3 + 116 * _N**4 / 45,
    7 * _N**2 / 3 - 8 * _N**3 / 5 - 227 * _N**4 / 45,
    56 * _N**3 / 15 - 136 * _N**4 / 35,
    4279 * _N**4 / 630,
)

# Constants of Lambert-93 as the IGN publishes them.
_L93_N, _L93_C, _L93_XS, _L93_YS = 0.7256077650, 11754255.426, 700000.0, 12655612.050


class _Zone(NamedTuple):
    """A projection: the départements it serves, its central meridian, its false northing, and their box in degrees."""

    prefixes: tuple[str, ...]
    central: float
    false_north: float
    west: float
    south: float
    east: float
    north: float


_METROPOLE = _Zone((), 3.0, 0.0, -5.6, 41.2, 9.8, 51.3)
"""Lambert-93, with a box somewhat larger than the mainland and Corsica."""
# EPSG 5490 (UTM 20 N), 2972 (22 N), 2975 (40 S), 4471 (38 S), 4467 (21 N).
_ZONES = (
    _Zone(("971", "972", "977", "978"), -63.0, 0.0, -63.5, 14.2, -60.6, 18.3),
    _Zone(("973",), -51.0, 0.0, -54.8, 2.0, -51.4, 6.0),
    _Zone(("974",), 57.0, 10_000_000.0, 55.1, -21.5, 55.9, -20.8),
    _Zone(("976",), 45.0, 10_000_000.0, 44.9, -13.1, 45.4, -12.5),
    _Zone(("975",), -57.0, 0.0, -56.6, 46.6, -56.0, 47.3),
)


_PACIFIC = ((-178.5, -14.6, -176.0, -13.1), (-155.0, -28.0, -134.0, -7.5), (163.0, -22.9, 168.3, -19.3))
"""Boxes of Wallis and Futuna, French Polynesia and New Caledonia, in degrees: their metres are read nowhere here."""
_LAMBERT_WEST, _LAMBERT_EAST, _LAMBERT_SOUTH, _LAMBERT_NORTH = 75_000.0, 1_265_000.0, 6_040_000.0, 7_140_000.0
"""Metres: the mainland and Corsica, with some more around."""


def located(table: ir.Table, x: str, y: str, commune: str) -> ir.Table:
    """Add `longitude` and `latitude` (degrees) from columns of metres, by the projection of the commune.

    Null without a commune, in territories whose projection is not listed above, and where the result falls
    outside the territory's box (a wrong projection, or swapped axes). Each step is a column, so that nothing is
    computed twice.
    """
    code = table[commune]
    metropole = ~(code.startswith("97") | code.startswith("98"))
    zone = {name: _by_zone(code, [getattr(zone, name) for zone in _ZONES]) for name in _Zone._fields[1:]}
    empty = ibis.null("float64")
    steps = table.mutate(
        conic_x=ibis.ifelse(metropole, table[x] - _L93_XS, empty),
        conic_y=ibis.ifelse(metropole, _L93_YS - table[y], empty),
        **{name: ibis.ifelse(metropole, getattr(_METROPOLE, name), value) for name, value in zone.items()},
    )
    zoned = ~metropole & steps["central"].notnull()
    steps = steps.mutate(
        eta=ibis.ifelse(zoned, (table[x] - 500_000.0) / _SCALE, empty),
        xi=ibis.ifelse(zoned, (table[y] - steps["false_north"]) / _SCALE, empty),
    )
    steps = _from_utm(_from_conic(steps))
    steps = steps.mutate(
        conformal=ibis.coalesce(steps["conic_conformal"], steps["utm_conformal"]),
        found=ibis.coalesce(steps["conic_longitude"], steps["utm_longitude"]),
    )
    return _inside(steps.mutate(phi=_latitude(steps["conformal"]))).select(*table.columns, "longitude", "latitude")


def degrees(x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude (degrees) of a point of metropolitan France, from metres in Lambert-93."""
    east, south = x - _L93_XS, _L93_YS - y
    radius = math.hypot(east, south)
    conformal = 2 * math.atan(math.exp(-math.log(radius / _L93_C) / _L93_N)) - math.pi / 2
    series = sum(delta * math.sin(2 * rank * conformal) for rank, delta in enumerate(_DELTA, start=1))
    return _METROPOLE.central + math.degrees(math.atan2(east, south)) / _L93_N, math.degrees(conformal + series)


def in_france(longitude: float, latitude: float) -> bool:
    """Tell whether a point in degrees is in the box of a territory of the Republic."""
    boxes = [(one.west, one.south, one.east, one.north) for one in (_METROPOLE, *_ZONES)]
    return any(
        west <= longitude <= east and south <= latitude <= north
        for west, south, east, north in (*boxes, *_PACIFIC)
    )  # fmt: skip


def on_lambert(x: float, y: float) -> bool:
    """Tell whether metres can be Lambert-93 of metropolitan France."""
    return _LAMBERT_WEST <= x <= _LAMBERT_EAST and _LAMBERT_SOUTH <= y <= _LAMBERT_NORTH


def _by_zone(commune: ir.StringValue, values: Sequence[float]) -> ir.FloatingValue:
    pairs = zip(_ZONES, values, strict=True)
    tests = ((commune[:3].isin(zone.prefixes), value) for zone, value in pairs)
    return ibis.cases(*tests, else_=ibis.null("float64"))


def _from_conic(table: ir.Table) -> ir.Table:
    x, y = table["conic_x"], table["conic_y"]
    radius = (x * x + y * y).sqrt().nullif(0)
    table = table.mutate(isometric=-(radius / _L93_C).ln() / _L93_N)
    return table.mutate(
        conic_conformal=2 * table["isometric"].exp().atan() - math.pi / 2,
        conic_longitude=_METROPOLE.central + (x / y.nullif(0)).atan().degrees() / _L93_N,
    )


def _from_utm(table: ir.Table) -> ir.Table:
    xi, eta = table["xi"], table["eta"]
    xi1, eta1 = xi, eta
    for rank, beta in enumerate(_BETA, start=1):
        xi1 = xi1 - beta * (2 * rank * xi).sin() * _cosh(2 * rank * eta)
        eta1 = eta1 - beta * (2 * rank * xi).cos() * _sinh(2 * rank * eta)
    table = table.mutate(xi1=xi1, eta1=eta1)
    sine = (table["xi1"].sin() / _cosh(table["eta1"])).clip(-1, 1)
    turn = (_sinh(table["eta1"]) / table["xi1"].cos().nullif(0)).atan().degrees()
    return table.mutate(utm_conformal=sine.asin(), utm_longitude=table["central"] + turn)


def _latitude(conformal: ir.FloatingValue) -> ir.FloatingValue:
    latitude = conformal
    for rank, delta in enumerate(_DELTA, start=1):
        latitude = latitude + delta * (2 * rank * conformal).sin()
    return latitude.degrees()


def _inside(table: ir.Table) -> ir.Table:
    longitude = table["found"].between(table["west"], table["east"])
    inside = longitude & table["phi"].between(table["south"], table["north"])
    empty = ibis.null("float64")
    return table.mutate(
        longitude=ibis.ifelse(inside, table["found"], empty), latitude=ibis.ifelse(inside, table["phi"], empty)
    )


def _cosh(value: ir.FloatingValue) -> ir.FloatingValue:
    return (value.exp() + (-value).exp()) / 2


def _sinh(value: ir.FloatingValue) -> ir.FloatingValue:
    return (value.exp() - (-value).exp()) / 2
