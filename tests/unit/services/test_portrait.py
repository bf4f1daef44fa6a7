"""Figures of a portrait, added by hand from the small world; and what is not known is said, never zero."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.not_empty import not_empty
from tests.unit.services.small_world import HERBIERS, NANTES, PAYS_DES_HERBIERS, ROCHE
from vigie.domain.finding import Finding
from vigie.errors import NotFound, RequestFault
from vigie.services.indicator_cards import Compared, indicator_cards
from vigie.services.observe import Observe
from vigie.services.places import Perimeter
from vigie.services.portrait.reading import FactsReader
from vigie.services.portrait.readings import INDICATORS, Computing, Readings, computes


def figures(observe: Observe, code: str) -> dict[str, Finding]:
    return {found.id: found for found in observe.portrait(code).findings}


def test_employers_and_others_add_up(observe: Observe) -> None:
    found = figures(observe, HERBIERS)
    assert found["establishments"].value == 70
    assert (found["employers"].value, found["non_employers"].value) == (34, 30)
    assert found["employers"].coverage == pytest.approx(64 / 70)
    interval = found["employers"].interval
    assert interval is not None
    assert (interval.low, interval.high) == (34, 40)


def test_sizes_keep_the_three_unknowns_apart(observe: Observe) -> None:
    parts = {item.key: item.value for item in figures(observe, HERBIERS)["establishments_by_size"].breakdown}
    assert parts == {"01": 10, "11": 8, "12": 12, "NN": 34, "non_publie": 6}


def test_activities_are_counted_by_section_then_division(observe: Observe) -> None:
    whole = figures(observe, HERBIERS)["establishments_by_activity"]
    sections = {item.key: {inside.key: inside.value for inside in item.breakdown} for item in whole.breakdown}
    assert sections == {"L": {"68": 34}, "C": {"31": 20, "10": 10}}
    assert whole.coverage == pytest.approx(64 / 70)


def test_jobs_estimated_from_bands_have_bounds(observe: Observe) -> None:
    found = figures(observe, HERBIERS)["jobs_by_band"]
    assert found.interval is not None
    assert (found.interval.low, found.value, found.interval.high) == (330, 545.0, 760)


def test_shares_are_those_of_employers(observe: Observe) -> None:
    found = figures(observe, HERBIERS)
    assert found["craft_share"].value == pytest.approx(22 / 34 * 100)
    assert found["head_office_share"].value == pytest.approx(26 / 34 * 100)


def test_specialisation_leaves_property_companies_out(observe: Observe) -> None:
    whole = figures(observe, HERBIERS)["specialisation"]
    # 20 of 30 employers here, 30 of 290 everywhere: (20/30) / (30/290)
    assert whole.value == pytest.approx((20 / 30) / (30 / 290))
    assert {item.key for item in whole.breakdown} == {"31", "10"}
    assert "68.20" in str(whole.note)


def test_variety_is_unrelated_plus_related(observe: Observe) -> None:
    whole = figures(observe, HERBIERS)["variety"]
    parts = {item.key: item.value for item in whole.breakdown}
    assert whole.value == parts["non_liee"] + parts["liee"]
    assert parts["non_liee"] == pytest.approx(-(2 / 3) * math.log2(2 / 3) - (1 / 3) * math.log2(1 / 3))


def test_movements_are_those_of_the_last_full_year(observe: Observe) -> None:
    found = figures(observe, HERBIERS)
    assert (found["creations"].value, found["closures"].value) == (6, 2)
    assert "2025" in str(found["creations"].note)
    # 70 open now, one created since: 69 at the end of 2025, and the year added 6 - 2 + 3 - 1 = 6.
    assert found["creation_rate"].value == pytest.approx(6 / 63 * 100)
    assert found["moves"].value == 2
    assert {item.key: item.value for item in found["moves"].breakdown} == {"arrivees": 3, "departs": 1}


def test_without_links_of_succession_moves_are_not_known(observe_jobs: Observe) -> None:
    found = figures(observe_jobs, HERBIERS)
    assert found["moves"].value is None
    assert "succession" in str(found["moves"].note)
    assert "création et une fermeture" in str(found["creations"].note)


def test_populations_are_those_of_the_communes_of_today(observe: Observe) -> None:
    found = figures(observe, HERBIERS)
    assert found["population"].value == observe.territory(HERBIERS).population
    whole = figures(observe, PAYS_DES_HERBIERS)
    years = [year for year, value in whole["population"].series if value]
    assert years[0] == whole["population_change"].breakdown[0].key
    first, last = whole["population"].series[0][1], whole["population"].series[-1][1]
    assert first is not None
    assert last is not None
    assert whole["population_change"].value == pytest.approx((last / first - 1) * 100)


def test_a_merged_commune_counts_in_the_one_that_replaced_it(observe: Observe) -> None:
    # Montaigu-Vendée was born in 2019 from five communes: no figure of that vintage is its own.
    found = figures(observe, "85146")["population"]
    assert found.value is not None
    assert min(year for year, value in found.series if value) > "2016"


def test_jobs_replace_establishments_where_they_are_loaded(observe_jobs: Observe) -> None:
    found = figures(observe_jobs, HERBIERS)
    assert found["jobs"].value == 1090
    assert found["jobs"].coverage == pytest.approx(2 / 3)
    assert [year for year, _ in found["jobs"].series] == ["2019", "2024"]
    assert found["jobs_change"].value == pytest.approx(9.0)
    parts = [item.value for item in found["jobs_change"].breakdown]
    assert sum(float(part or 0) for part in parts) == pytest.approx(90)
    # The whole went from 6 000 to 8 070 jobs: 1 000 jobs would have become 1 345.
    assert parts[0] == pytest.approx(345)
    assert found["specialisation"].value == pytest.approx((1000 / 1090) / (1080 / 8070))
    assert "emplois" in str(found["specialisation"].note)


def test_without_a_source_of_jobs_they_are_unknown_not_zero(observe: Observe) -> None:
    found = figures(observe, HERBIERS)["jobs"]
    assert found.value is None
    assert "Aucune source d’emploi" in str(found.note)


def test_too_small_a_territory_is_not_compared(observe: Observe) -> None:
    assert figures(observe, "85017")["krugman"].value is None
    assert "petite taille" in str(figures(observe, "85017")["krugman"].note) or "Aucun établissement" in str(
        figures(observe, "85017")["krugman"].note
    )


def test_a_load_that_covers_a_part_says_so_everywhere(observe: Observe) -> None:
    portrait = observe.portrait("85")
    assert "ne couvrent que 10" in portrait.lead
    employers = portrait.finding("employers")
    assert employers.value == 84
    assert employers.coverage is not None
    assert employers.coverage < 0.11
    assert portrait.finding("employer_density").value is None
    assert portrait.finding("population").coverage == 1
    compared = {found.id for one in portrait.comparisons for found in one.findings}
    assert compared == {"population_change", "jobs_change"}


def test_nothing_loaded_for_a_commune_is_said(observe: Observe) -> None:
    portrait = observe.portrait("85113")
    assert portrait.finding("establishments").value is None
    assert portrait.finding("employers").note == "Aucun établissement n’est chargé pour ce territoire."
    assert portrait.lead.startswith("Aucun établissement n’est chargé pour ce territoire.")
    assert "L’Île-d’Yeu compte " in portrait.lead


@pytest.mark.parametrize(
    ("code", "opening"),
    [
        (HERBIERS, "Les Herbiers comptent 16\u202f521\u00a0habitants"),
        (PAYS_DES_HERBIERS, "La communauté de communes du Pays des Herbiers compte "),
        ("85", "La Vendée compte "),
        ("44", "La Loire-Atlantique compte "),
        ("region:52", "Les Pays de la Loire comptent "),
        (f"perimetre:{HERBIERS},{NANTES}", "Le périmètre dessiné (2\u00a0communes) compte "),
    ],
)
def test_the_lead_names_every_kind_of_territory(observe: Observe, code: str, opening: str) -> None:
    assert opening in observe.portrait(code).lead


def test_the_lead_agrees_with_its_subject(observe: Observe) -> None:
    lead = observe.portrait(HERBIERS).lead
    assert "employeurs imaginaires\u202f; la commune est spécialisée dans la fabrication de meubles" in lead


def test_every_finding_has_a_card_its_territory_and_its_sources(observe: Observe, observe_jobs: Observe) -> None:
    for service in (observe, observe_jobs):
        portrait = service.portrait(HERBIERS)
        assert [found.id for found in portrait.findings] == list(indicator_cards())
        for found in not_empty(portrait.findings):
            card = indicator_cards()[found.id]
            assert (found.label, found.unit, found.territory) == (card.label, card.unit, f"commune:{HERBIERS}")
            assert (found.value is not None and found.sources) or found.note
            assert {source.id for source in found.sources} <= set(card.sources)
            assert {item.id for item in found.breakdown} <= {found.id}


def test_only_figures_of_imaginary_establishments_say_imaginary(observe: Observe) -> None:
    found = figures(observe, HERBIERS)
    assert found["employers"].simulated
    assert not found["population"].simulated
    assert observe.portrait(HERBIERS).simulated


def test_a_portrait_is_json_without_infinities(observe: Observe) -> None:
    text = json.dumps(observe.portrait(ROCHE).as_dict(), allow_nan=False)
    assert json.loads(text)["territory"]["key"] == f"commune:{ROCHE}"


def test_evidence_gives_rows_card_and_the_part_asked_for(observe: Observe) -> None:
    proof = observe.evidence("85", "employers")
    assert [row["value"] for row in proof.rows[:3]] == [50, 34, 0]
    assert proof.total_rows == len(observe.communes("85"))
    part = observe.evidence(HERBIERS, "specialisation", "31")
    assert part.finding.key == "31"
    assert part.finding.sources == observe.finding(HERBIERS, "specialisation").sources
    assert part.card.id == "specialisation"
    with pytest.raises(NotFound, match="n’a pas de poste"):
        observe.evidence(HERBIERS, "specialisation", "99")
    with pytest.raises(NotFound, match="Aucun constat"):
        observe.finding(HERBIERS, "bonheur")


def test_a_perimeter_drawn_by_hand_is_the_sum_of_its_communes(observe: Observe) -> None:
    whole = figures(observe, f"perimetre:{NANTES},{HERBIERS}")
    alone = [figures(observe, code) for code in (HERBIERS, NANTES)]
    for indicator in ("population", "employers", "establishments", "creations", "moves"):
        assert whole[indicator].value == sum(int(one[indicator].value or 0) for one in alone)
    assert observe.territory(f"perimetre:{NANTES},{HERBIERS}").key == f"perimetre:{NANTES},{HERBIERS}"


@pytest.mark.parametrize(("code", "fault"), [("perimetre:", RequestFault), ("perimetre:99999", NotFound)])
def test_a_perimeter_that_is_not_one_is_refused(observe: Observe, code: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        observe.portrait(code)


def test_a_figure_alone_is_that_of_its_portrait(observe: Observe, observe_jobs: Observe) -> None:
    for service in (observe, observe_jobs):
        whole = service.portrait(PAYS_DES_HERBIERS).findings
        assert whole
        assert [service.finding(PAYS_DES_HERBIERS, found.id) for found in whole] == list(whole)


@contextmanager
def computed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """Note the indicators that are computed, and for which territory."""
    told: list[tuple[str, str]] = []

    def noting(name: str, computing: Computing) -> Computing:
        def note(readings: Readings) -> Finding:
            told.append((name, readings.scene.perimeter.territory.key))
            return computing(readings)

        return note

    with monkeypatch.context() as patch:
        for name, computing in list(INDICATORS.items()):
            patch.setitem(INDICATORS, name, noting(name, computing))
        yield told


def test_every_card_has_what_computes_it_and_nothing_else_is_computed() -> None:
    assert INDICATORS.keys() == indicator_cards().keys()
    with pytest.raises(ValueError, match="population"):
        computes("population")(INDICATORS["population"])


@pytest.mark.parametrize("indicator", sorted(indicator_cards()))
def test_a_figure_alone_computes_nothing_else(
    observe_jobs: Observe, monkeypatch: pytest.MonkeyPatch, indicator: str
) -> None:
    with computed(monkeypatch) as told:
        observe_jobs.finding(PAYS_DES_HERBIERS, indicator)
    assert told == [(indicator, f"epci:{PAYS_DES_HERBIERS}")]


@pytest.mark.parametrize("indicator", ["employers", "population_change", "jobs_change"])
def test_the_page_of_a_figure_computes_it_here_and_where_it_is_compared(
    observe: Observe, monkeypatch: pytest.MonkeyPatch, indicator: str
) -> None:
    with computed(monkeypatch) as told:
        proof = observe.evidence(PAYS_DES_HERBIERS, indicator)
    assert {name for name, _ in told} == {indicator}
    around = {place.key for place, _ in proof.elsewhere}
    assert told[0][1] == f"epci:{PAYS_DES_HERBIERS}" and {key for _, key in told[1:]} <= around
    compared = indicator_cards()[indicator].display.compared
    assert bool(proof.elsewhere) == (compared is not Compared.NEVER), compared
    with computed(monkeypatch) as again:
        assert observe.evidence(PAYS_DES_HERBIERS, indicator) == proof
    assert len(again) == 1, "what others are compared with is computed once"


def test_a_figure_alone_reads_only_what_it_needs(observe: Observe, monkeypatch: pytest.MonkeyPatch) -> None:
    observe.finding(HERBIERS, "population")  # what is read once a generation
    asked: list[str] = []
    read = FactsReader._rows

    def noting(reader: FactsReader, name: str, perimeter: Perimeter) -> list[dict[str, Any]]:
        asked.append(name)
        return read(reader, name, perimeter)

    monkeypatch.setattr(FactsReader, "_rows", noting)
    observe.evidence(PAYS_DES_HERBIERS, "population")
    assert asked == ["censuses"]


def test_what_is_compared_is_the_same_in_a_portrait_and_on_the_page_of_a_figure(observe: Observe) -> None:
    portrait = observe.portrait(PAYS_DES_HERBIERS)
    told = {(place.territory.key, found.id): found for place in portrait.comparisons for found in place.findings}
    assert told
    for indicator in not_empty({name for _, name in told}):
        for place, found in not_empty(observe.evidence(PAYS_DES_HERBIERS, indicator).elsewhere):
            assert told.pop((place.key, indicator)) == found
    assert not told
