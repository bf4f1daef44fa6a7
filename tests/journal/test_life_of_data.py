"""What tables say of the life of what they hold about people, and what is derived from it."""

from __future__ import annotations

import pytest

from tests.not_empty import not_empty
from vigie.services.retention.register import processings
from vigie.services.retention.rules import RULES, tables_of_life
from vigie.store.journal.models import Base
from vigie.store.journal.people import Organisation

TABLES = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda one: one.__tablename__)
NAMING = frozenset({"person_id", "owner_id", "author_id", "declared_by", "moderator_id"})
"""Columns that name an account."""


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__tablename__)
def test_a_table_about_people_says_what_becomes_of_it(table: type[Base]) -> None:
    """A new table with a name, a text or an account fails here until its life is said beside its columns."""
    columns = table.__table__.columns
    about = [column.key for column in columns if column.info.get("personal") or column.key in NAMING]
    assert table.life is not None or not about, f"{table.__tablename__}: {about}"
    if table.life is not None:
        named = [*table.life.ends, *table.life.holding, *filter(None, (table.life.address, table.life.person))]
        assert set(named) <= {column.key for column in columns}
        assert bool(table.life.ends) == bool(table.life.label)


def test_rules_and_tables_name_one_another() -> None:
    named = {word for _, life in tables_of_life() for word in life.rules}
    assert named == {rule.word for rule in RULES}
    assert len({rule.word for rule in RULES}) == len(RULES)


def test_every_processing_of_the_register_is_that_of_some_table() -> None:
    organisation = Organisation(
        kind="collectivite", legal_basis="6-1-e", retention_months=36, retention_visa="", name="x"
    )
    named = {life.processing for _, life in not_empty(list(tables_of_life()))}
    assert named == set(processings(organisation))


def test_personal_columns_go_by_a_rule_or_with_an_account() -> None:
    """What nothing would ever erase is told here: a firm's words and a portfolio go when they are withdrawn."""
    ends = {"objection": "with the objection", "portfolio": "when it is withdrawn", "person": "with the account"}
    for table, life in not_empty(list(tables_of_life())):
        personal = [column.key for column in table.__table__.columns if column.info.get("personal")]
        if personal and not life.rules and not life.of_account:
            assert table.__tablename__ in ends, table.__tablename__
