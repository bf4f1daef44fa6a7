"""What charts and maps must hold: readable XML, values never invented, positions that mean something."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
import shapely

from tests.not_empty import not_empty
from vigie.domain.projection import project
from vigie.interfaces import graphics, maps, plots, projection
from vigie.interfaces.maps import Inset, MapContent, MapShape, Point, Town
from vigie.interfaces.plots import Bar, ChartWording, Estimate, Series
from vigie.interfaces.shape_labels import label_place
from vigie.interfaces.views import TableView
from vigie.services.outlines import OutlineSheet

SVG = "{http://www.w3.org/2000/svg}"
WORDS = ChartWording("Le bois d’abord", "Établissements par activité.", "établissements")
SQUARE = "M0 0h100v100h-100z"
SHEET = OutlineSheet(None, 1000, (350_000.0, -6_650_000.0, 450_000.0, -6_550_000.0), {"carre": SQUARE})


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)


def words_of(root: ElementTree.Element) -> list[str]:
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


def rectangles(root: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [node for node in root.iter(f"{SVG}rect") if node.get("class") == kind]


def bars_of(root: ElementTree.Element) -> list[tuple[float, float]]:
    """Where each bar begins and how wide it is."""
    [path] = [node.get("d", "") for node in root.iter(f"{SVG}path") if node.get("class") == "bar"]
    return [(float(left), float(wide)) for left, wide in re.findall(r"M([\d.]+) [\d.]+h([\d.]+)", path)]


def test_a_series_is_one_path_however_long() -> None:
    short, long = (parsed(plots.horizontal_bars(WORDS, [Bar("Bois", 1, 2)] * count)) for count in (1, 30))
    assert len(list(short.iter(f"{SVG}path"))) == len(list(long.iter(f"{SVG}path"))) == 2
    years = parsed(plots.lines(WORDS, [Series("", [(year, 1.0) for year in range(1900, 2000)])]))
    assert len(list(years.iter())) < 20


@pytest.mark.parametrize(
    "drawing",
    [
        plots.horizontal_bars(WORDS, [Bar("Bois & <métal>", 3)]),
        plots.size_structure(WORDS, [Bar("10 à 19", 3)]),
        plots.lines(WORDS, [Series("Vendée", [(2020, 3), (2021, 4)])]),
        plots.intervals(WORDS, [Estimate("Bois", 2, 1, 3, [1, 2])], ("France = 1", 1)),
        maps.draw(MapContent(WORDS.title, WORDS.description, SHEET, base=[MapShape("Carré", SQUARE)])),
    ],
)
def test_every_drawing_states_its_finding_and_styles_nothing_inline(drawing: str) -> None:
    root = parsed(drawing)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and title.text == WORDS.title
    assert description is not None and description.text == WORDS.description
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert not any(node.get("style") for node in not_empty(root.iter()))


def test_bars_are_proportional_and_start_from_zero() -> None:
    root = parsed(plots.horizontal_bars(WORDS, [Bar("a", 100), Bar("b", 25)]))
    (first, wide), (second, narrow) = bars_of(root)
    assert first == second == 0
    assert wide == pytest.approx(4 * narrow)


def test_an_unknown_bar_is_hatched_and_named_while_zero_is_drawn() -> None:
    root = parsed(plots.horizontal_bars(WORDS, [Bar("inconnu", None), Bar("nul", 0)]))
    assert len(rectangles(root, "missing-edge")) == 1
    assert len(bars_of(root)) == 1
    assert words_of(root) == ["inconnu", "non connu", "nul", "0"]


def test_a_long_label_is_cut_in_two_and_lengthens_the_chart() -> None:
    short = parsed(plots.horizontal_bars(WORDS, [Bar("Commerce", 1)]))
    long = parsed(plots.horizontal_bars(WORDS, [Bar("Commerce ; réparation d’automobiles et de motocycles", 1)]))
    assert float(long.get("height", "0")) > float(short.get("height", "0"))
    assert sorted(words_of(long)[:2]) == ["Commerce ; réparation", "d’automobiles et de motocycles"]


def test_an_axis_says_its_values_and_amounts_start_from_zero() -> None:
    root = parsed(plots.lines(WORDS, [Series("", [(2015, 15_900), (2025, 23_615)])]))
    written = [text for text in words_of(root) if text.endswith("000") or text == "0"]
    assert written == ["0", "10\u202f000", "20\u202f000"]
    [line] = [node.get("d", "") for node in root.iter(f"{SVG}path") if node.get("class") == "line"]
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", line)]
    assert (plots.PLOT - heights[0]) / (plots.PLOT - heights[1]) == pytest.approx(15_900 / 23_615, abs=0.01)


def test_an_index_is_read_beside_its_hundred() -> None:
    root = parsed(plots.lines(WORDS, [Series("Vendée", [(2020, 100.0), (2025, 101.7)])], ("", 100.0)))
    assert "100" in words_of(root) and "0" not in words_of(root)
    assert [node.get("d", "").count("M") for node in root.iter(f"{SVG}path") if node.get("class") == "reference"] == [1]


def test_names_of_series_never_cover_one_another() -> None:
    near = [Series(name, [(2020, 100.0), (2025, 101.0 + rank / 10)]) for rank, name in enumerate("abc")]
    root = parsed(plots.lines(WORDS, near, ("", 100.0)))
    places = sorted(
        float(node.get("y", "0")) for node in root.iter(f"{SVG}text") if "end" in node.get("class", "").split()
    )
    assert len(places) == 3
    assert all(not_empty(below - above >= plots.LEAST_APART for above, below in pairwise(places)))


def test_values_of_an_axis_are_written_below_intervals_too() -> None:
    root = parsed(plots.intervals(WORDS, [Estimate("Bois", 657, 600, 700)], ("la référence", 0.0)))
    assert [text for text in words_of(root) if text in ("0", "200", "400", "600")] == ["0", "200", "400", "600"]


def test_a_gap_in_a_series_breaks_its_line() -> None:
    root = parsed(plots.lines(WORDS, [Series("", [(2019, 1), (2020, None), (2021, 2), (2022, 3)])]))
    line, dots = (node.get("d", "") for node in root.iter(f"{SVG}path") if node.get("class") in ("line", "dots"))
    assert (line.count("M"), line.count("L")) == (2, 1)
    assert dots.count("M") == dots.count("h0") == 3


def test_a_label_on_two_lines_is_one_link_to_its_firms() -> None:
    label = "Commerce de gros, à l’exception des automobiles et des motocycles"
    root = parsed(plots.intervals(WORDS, [Estimate(label, 2, 1.5, 3, href="/annuaire?naf=46")]))
    (link,) = root.iter(f"{SVG}a")
    assert " ".join(words_of(link)[:2]) == label


def test_intervals_enclose_their_value() -> None:
    root = parsed(plots.intervals(WORDS, [Estimate("Bois", 2, 1.5, 3)]))
    whisker = next(node for node in root.iter(f"{SVG}path") if node.get("class") == "whisker")
    dots = next(node for node in root.iter(f"{SVG}path") if node.get("class") == "dots wide")
    low, high = map(float, re.findall(r"(?:M|H)([\d.]+)", whisker.get("d", "")))
    (value,) = map(float, re.findall(r"M([\d.]+)", dots.get("d", "")))
    assert low < value < high


def test_charts_without_any_known_value_are_still_drawn() -> None:
    assert "non connu" in words_of(parsed(plots.intervals(WORDS, [Estimate("Bois", None)])))[1]
    assert parsed(plots.lines(WORDS, [])).get("class") == "chart"
    assert parsed(plots.size_structure(WORDS, [])).get("class") == "chart"


def test_lambert_93_places_known_landmarks() -> None:
    # The projection's own definition: its origin (3° E, 46.5° N) falls at 700 000 m, 6 600 000 m.
    assert project((3.0, 46.5), None) == pytest.approx((700000.0, 6600000.0), abs=0.5)


def test_north_is_up_and_east_is_right_in_every_projection() -> None:
    for place in ((-1.0, 46.0), (55.4, -21.2), (-61.5, 16.2)):
        frame = projection.ProjectionFrame.around_positions([place, (place[0] + 0.5, place[1] + 0.5)])
        west_south, east_north = frame.place(*place), frame.place(place[0] + 0.5, place[1] + 0.5)
        assert west_south[0] < east_north[0] and west_south[1] > east_north[1]
        assert 0 <= west_south[0] <= projection.WIDTH and 0 <= east_north[1] <= frame.height


def test_a_map_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        maps.draw(MapContent("rien", "rien"))


def test_unknown_shapes_are_hatched_and_linked_ones_are_named() -> None:
    shapes = [MapShape("Connue", SQUARE, "q2", "12", "/c"), MapShape("Inconnue", SQUARE, None, "", "/i")]
    root = parsed(maps.draw(MapContent("t", "d", SHEET, shapes=shapes)))
    names = [node.get("aria-label") for node in root.iter(f"{SVG}a")]
    assert names == ["Connue\u00a0: 12", "Inconnue\u00a0: non connu"]
    unknown = next(node for node in root.iter(f"{SVG}path") if node.get("class") == "unknown")
    assert unknown.get("fill", "").startswith("url(#")


def test_unlinked_shapes_of_one_tint_are_one_element() -> None:
    root = parsed(
        maps.draw(MapContent("t", "d", SHEET, shapes=[MapShape("a", SQUARE, "q1"), MapShape("b", SQUARE, "q1")]))
    )
    assert len(list(root.iter(f"{SVG}path"))) == 1


def test_steps_fall_where_their_metres_do() -> None:
    frame = projection.ProjectionFrame.around(SHEET.box, None)
    moved = re.fullmatch(r"translate\((\S+) (\S+)\) scale\((\S+)\)", frame.transform(SHEET.unit))
    assert moved is not None
    across, down, scale = map(float, moved.groups())
    longitude, latitude = 0.0, 46.5
    east, north = project((longitude, latitude), None)
    expected = frame.place(longitude, latitude)
    assert (across + east / SHEET.unit * scale, down - north / SHEET.unit * scale) == pytest.approx(expected, abs=0.1)


def test_the_hatching_of_what_is_not_known_keeps_its_size_on_a_scaled_map() -> None:
    root = parsed(maps.draw(MapContent("t", "d", SHEET, shapes=[MapShape("a", SQUARE)])))
    pattern, group = next(root.iter(f"{SVG}pattern")), next(root.iter(f"{SVG}g"))
    [scaled] = re.findall(r"scale\((\S+)\)", pattern.get("patternTransform", ""))
    [scale] = re.findall(r"scale\((\S+)\)", group.get("transform", ""))
    assert float(scaled) * float(scale) == pytest.approx(1, rel=1e-4)


def test_places_far_from_the_map_are_named_below_it() -> None:
    far = OutlineSheet(-21.0, 16, (6_000_000.0, 2_300_000.0, 6_070_000.0, 2_380_000.0), {"974": SQUARE})
    insets = [Inset(far, MapShape("La Réunion", SQUARE, href="/territoire/departement/974"))] * 2
    base = [MapShape("Carré", SQUARE, href="/c")]
    alone, both = (parsed(maps.draw(MapContent("t", "d", SHEET, base, insets=apart))) for apart in ([], insets))
    height = [float(root.get("viewBox", "").split()[3]) for root in (alone, both)]
    assert height[1] > height[0]
    assert words_of(both) == ["La Réunion", "La Réunion"]
    assert [node.get("aria-label") for node in both.iter(f"{SVG}a")] == ["Carré", "La Réunion", "La Réunion"]
    places = [float(node.get("y", "0")) for node in both.iter(f"{SVG}text")]
    assert all(height[0] < place < height[1] for place in not_empty(places))


def test_a_shape_is_named_inside_itself_even_when_it_bends() -> None:
    bent = "M0 0l100 0 0 10-90 0 0 80 90 0 0 10-100 0z"
    place = label_place(bent)
    assert place is not None
    ring = shapely.Polygon([(0, 0), (100, 0), (100, 10), (10, 10), (10, 90), (100, 90), (100, 100), (0, 100)])
    assert ring.contains(shapely.Point(place)) and not ring.contains(ring.centroid)
    assert label_place("") is None


def test_shapes_say_their_name_and_value_where_there_is_room() -> None:
    whole, corner = "M350-6650l100 0 0 100-100 0z", "M395-6600l6 0 0 6-6 0z"
    shapes = [
        MapShape("Vaste", whole, "q1", "12 %", "/v", "Vaste", "12"),
        MapShape("Près", corner, "q2", "9 %", "/p", "Un nom qui ne tient pas", "9"),
    ]
    said = "".join(words_of(parsed(maps.draw(MapContent("t", "d", SHEET, shapes=[shapes[0]])))))
    assert said == "Vaste12"
    both = words_of(parsed(maps.draw(MapContent("t", "d", SHEET, shapes=shapes))))
    assert all(not_empty("Un nom" not in text for text in both))


def test_town_names_never_touch_and_the_largest_wins() -> None:
    towns = [Town("Petite", -0.5, 46.5, 10), Town("Grande", -0.5, 46.501, 1000)]
    root = parsed(maps.draw(MapContent("t", "d", SHEET, base=[MapShape("Carré", SQUARE)], towns=towns)))
    assert words_of(root) == ["Grande"]


def test_points_carry_the_number_of_their_line() -> None:
    content = MapContent(
        "t", "d", SHEET, base=[MapShape("Carré", SQUARE)], points=[Point("Atelier", -0.5, 46.5, "/e", "3")]
    )
    root = parsed(maps.draw(content))
    assert next(root.iter(f"{SVG}a")).get("aria-label") == "3. Atelier"
    assert next(root.iter(f"{SVG}circle")).get("data-mark") == "3"


def test_a_graphic_tells_the_same_figures_in_its_table() -> None:
    graphic = graphics.bars_graphic(WORDS, [Bar("Bois", 1200, 30, href="/b"), Bar("Fer", None)], ("", "Oui", "Non"))
    assert graphic.twin is not None
    assert [row[1:] for row in graphic.twin.rows] == [("1\u202f200", "30"), ("non connu", "non connu")]
    assert [entry.label for entry in graphic.legend] == ["Oui", "Non"]


def test_the_twin_of_series_has_a_column_for_each() -> None:
    series = [Series("Créations", [(2020, 5), (2021, 6)]), Series("Fermetures", [(2021, 2)])]
    twin = graphics.lines_graphic(WORDS, series).twin
    assert twin is not None
    assert twin.columns == ("Année", "Créations", "Fermetures")
    assert twin.rows == (("2020", "5", "non connu"), ("2021", "6", "2"))


def test_the_unknown_of_a_map_has_its_legend() -> None:
    content = MapContent("t", "d", SHEET, shapes=[MapShape("a", SQUARE, "q4", "1"), MapShape("b", SQUARE)])
    graphic = graphics.choropleth_graphic(content, {"q4": "0 à 1"}, TableView("t", ("Commune", "Part"), (("a", "1"),)))
    assert graphic.twin is not None and graphic.twin.rows == (("a", "1"),)
    assert [(entry.kind, entry.label) for entry in graphic.legend] == [("q4", "0 à 1"), ("missing", "non connu")]
