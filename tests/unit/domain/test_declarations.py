"""Who may read what a firm says: every role, relation, visibility and reserve, against a table written here."""

from __future__ import annotations

from itertools import product

import pytest

from vigie.domain.access import Role
from vigie.domain.declarations import (
    FIELDS,
    VISIBILITIES,
    DeclarationSubject,
    Relation,
    Reserve,
    Visibility,
    competition_warning,
    may_read,
)

EVERY = {"public", "network", "introduced", "officer"}
READS: dict[tuple[str, str], set[str]] = {
    ("own", "dirigeant"): EVERY,
    **{
        (relation, role): EVERY
        for relation in ("member", "shared", "introduced", "own")
        for role in ("developpeur", "admin")
    },
    ("member", "dirigeant"): {"public", "network"},
    ("shared", "partenaire"): {"public", "network"},
    ("introduced", "dirigeant"): {"public", "network", "introduced"},
    ("introduced", "partenaire"): {"public", "network", "introduced"},
}
"""What is read without any reserve, by relation and role; whoever is not named reads what is public."""
INSIDE = {("own", "dirigeant")} | {
    (relation, role) for relation in ("member", "shared", "introduced", "own") for role in ("developpeur", "admin")
}
"""Who reads everything whatever the reserve."""


@pytest.mark.parametrize(("role", "relation"), list(product(Role, Relation)))
def test_who_reads_what(role: Role, relation: Relation) -> None:
    who = (relation.value, role.value)
    for visibility, masked, objected in product(Visibility, (False, True), (False, True)):
        expected = visibility.value in READS.get(who, {"public"})
        if who not in INSIDE:
            if objected:
                expected = False
            elif masked and visibility is Visibility.PUBLIC:
                expected = who in READS  # it stays in the network
        found = may_read(visibility, role, relation, Reserve(masked, objected))
        assert found is expected, (who, visibility, masked, objected)


@pytest.mark.parametrize("visibility", Visibility)
def test_an_emergency_access_reads_within_its_organisation_only(visibility: Visibility) -> None:
    assert may_read(visibility, Role.SUPER_ADMIN, Relation.MEMBER, emergency=True)
    assert may_read(visibility, Role.SUPER_ADMIN, Relation.STRANGER, emergency=True) is (
        visibility is Visibility.PUBLIC
    )
    assert may_read(visibility, Role.SUPER_ADMIN, Relation.MEMBER) is (visibility is Visibility.PUBLIC)


def test_nothing_reserved_ever_opens_more() -> None:
    for role, relation, visibility in product(Role, Relation, Visibility):
        for masked, objected in product((False, True), repeat=2):
            if may_read(visibility, role, relation, Reserve(masked, objected)):
                assert may_read(visibility, role, relation)


def test_every_word_has_its_label() -> None:
    assert set(FIELDS) == set(DeclarationSubject)
    assert set(VISIBILITIES) == set(Visibility)


@pytest.mark.parametrize(
    "text",
    [
        "Nos prix sont bas",
        "TARIF horaire sur demande",
        "12 € la pièce",
        "Le coût d’une heure machine",
        "45 euros",
        "Capacité de production : grande",
        "200 pièces par jour",
        "1 500 t/an",
        "marge faible",
        "Plan de charge vide jusqu’en mars",
    ],
)
def test_words_of_prices_costs_and_capacities_are_noticed(text: str) -> None:
    warning = competition_warning(text)
    assert "concurrence" in warning
    assert "ni prix, ni coût, ni capacité" in warning


@pytest.mark.parametrize(
    "text",
    [
        "Tournage et fraisage de petites séries",
        "Précision de 0,01 mm",
        "Nous cherchons un local de 2 000 m² près d’un échangeur",
        "Capacités d’écoute et de conseil",
        "Coutellerie, coutures et accoutrements",
        "Une équipe de 12 personnes, 3 machines à 5 axes",
        "Reprise à domicile des palettes",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert competition_warning(text) == ""
