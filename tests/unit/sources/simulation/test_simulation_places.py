"""The communes that are simulated, and what a territory holds of them."""

from __future__ import annotations

import pytest

from vigie.errors import NotFound, RequestFault
from vigie.sources.simulation.places import find_place, official_label, read_communes


@pytest.fixture(scope="module")
def communes():
    return read_communes()


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Paris 3e Arrondissement", "PARIS 3"),
        ("Marseille 1er Arrondissement", "MARSEILLE 1"),
        ("La Roche-sur-Yon", "LA ROCHE-SUR-YON"),
        ("L’Haÿ-les-Roses", "L'HAY-LES-ROSES"),
        ("Œuilly", "OEUILLY"),
        ("Saint-Étienne", "SAINT-ETIENNE"),
    ],
)
def test_labels_are_written_as_insee_does(name, label):
    assert official_label(name) == label


def test_cities_are_cut_into_arrondissements(communes):
    assert "75056" not in communes.codes and "75103" in communes.codes
    assert sum(code.startswith("751") for code in communes.codes) == 20
    assert 68_000_000 < communes.population.sum() < 69_500_000


@pytest.mark.parametrize(
    ("text", "key", "count"),
    [("85", "departement:85", 253), ("85191", "commune:85191", 1), ("75056", "commune:75056", 20),
     ("75103", "commune:75103", 1), ("region:52", "region:52", None), ("FR", "france:FR", None)],
)  # fmt: skip
def test_territories_are_those_of_vigie(communes, text, key, count):
    place = find_place(text, communes)
    assert place.key == key
    assert place.inside.sum() == count if count else place.inside.sum() > 1_000


@pytest.mark.parametrize(("text", "error"), [("99999", NotFound), ("nulle part", RequestFault), ("98", NotFound)])
def test_unknown_territories_are_refused(communes, text, error):
    with pytest.raises(error):
        find_place(text, communes)
