"""Quick proofs that a row is sound: they must never let through what a rule, tried alone, leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pytest

from vigie.domain.actors import LA_POSTE_SIREN, is_siren, is_siret
from vigie.sources.cells import PLAIN, day, labelled, not_a_day, not_a_label, parsed, text
from vigie.sources.faults import RejectRule, split
from vigie.sources.identifiers import keyed, siren_rules, siret_rules

if TYPE_CHECKING:
    import ibis.expr.types as ir

SIRENS = ("732829320", "356000000", "73282932", "7328293200", "7328293f0", "73282932 ", "+32829320", "732_29320", "")
SIRETS = (
    "73282932000074", "73282932000075", "7328293200007", "732829320000740", "73282932abcdef", "7.3282932e13",
    "7328293_000074", "-7328293200007", " 7328293200007", "00000000000000", "99999999999999", "0x732829320000",
    f"{LA_POSTE_SIREN}00005", f"{LA_POSTE_SIREN}00006", "７３２８２９３２００００７４", "",
)  # fmt: skip
LABELS = (
    "ÉPICERIE DU PORT", "L'ATELIER - BIS", "A=B", " =SUM(A1)", "=SUM(A1)", "=A1", "=1", "@SUM(A1)",
    "+cmd|' /C calc'!A0", "+33 PLOMBERIE", "-", "=", "@HOME", "TAB\tBED", "\tTABBED", "ENDS ", " ", "\x01BELL",
    "BELL\x01", "SEP\x1fARATED", "\x1f", "\u00a0INSÉCABLE",
)  # fmt: skip
DAYS = ("2020-02-29", "2021-02-29", "1499-12-31", "1500-01-01", "2100-12-31", "2101-01-01", "1900-01-01",
        "2020-01-01T10:20:30", "2020-01-01 et plus", "infinity", "01/02/2020", "x")  # fmt: skip


def table(values: tuple[str, ...]) -> ir.Table:
    """Return a table of one column of text, null where empty, as sources clean it."""
    raw = ibis.memtable({"cell": [*values, None]}, schema={"cell": "string"})
    return raw.mutate(cell=raw["cell"].nullif(""))


def kept(rows: ir.Table, rules: list[RejectRule]) -> list[str | None]:
    """Return the cells that no rule leaves out, in order."""
    found: list[str | None] = split(rows, rules).accepted["cell"].to_pyarrow().to_pylist()
    return sorted(found, key=str)


@pytest.mark.parametrize(
    ("values", "rules_of", "right"), [(SIRENS, siren_rules, is_siren), (SIRETS, siret_rules, is_siret)]
)
def test_identifiers_proved_are_those_that_rules_keep(values, rules_of, right) -> None:
    rows = keyed(table(values), "cell")
    rules = rules_of(rows, "cell")
    expected = sorted(value for value in values if right(value))
    assert expected
    assert kept(rows, rules) == kept(rows, [rule._replace(sound=None) for rule in rules]) == expected


def test_plain_labels_are_neither_faults_nor_trimmed() -> None:
    rows = labelled(table(LABELS), ["cell"])
    rule = RejectRule("cell", "label", not_a_label(rows["cell"]), sound=rows[PLAIN])
    assert kept(rows, [rule]) == kept(rows, [rule._replace(sound=None)])
    plain = rows.filter(rows[PLAIN])
    changed = plain.filter(~plain["cell"].identical_to(text(plain["cell"])))
    assert plain.count().execute() > 3
    assert changed.count().execute() == 0


def test_days_are_between_1500_and_2100() -> None:
    rows = parsed(table(DAYS), ["cell"])
    sound = rows.filter(~not_a_day(rows, "cell"))
    days = {row["cell"]: row["day"] for row in sound.select("cell", day=day(sound, "cell")).to_pyarrow().to_pylist()}
    assert {cell: str(found) for cell, found in days.items()} == {
        "2020-02-29": "2020-02-29", "1500-01-01": "1500-01-01", "2100-12-31": "2100-12-31", "1900-01-01": "None",
        "2020-01-01T10:20:30": "2020-01-01", "2020-01-01 et plus": "2020-01-01", None: "None",
    }  # fmt: skip
