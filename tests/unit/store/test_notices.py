"""Legal notices: what is kept of them, and how they are told among the events."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.legal_notices import notice, write_notices
from tests.refreshing import load_underived, rows
from tests.small_stock import establishment, siren, siret, unit, write_stock
from vigie.errors import InputFault

FIRST, SECOND = date(2026, 10, 2), date(2026, 11, 2)


def stock(folder: Path, **changed: dict[str, str]) -> Path:
    places = [establishment(n, **changed.get(f"n{n}", {})) for n in range(10)]
    return write_stock(folder, places, [unit(n) for n in range(10)], kind="csv")


def test_each_family_is_kept_in_plain_words(tmp_path: Path) -> None:
    told = [
        notice(1, siren(1), "collective", nature="Jugement d'ouverture de liquidation judiciaire", judged="2026-09-20"),
        notice(2, siren(2), "collective", nature="Jugement d'ouverture d'une procédure de redressement judiciaire"),
        notice(3, siren(3), "collective", nature="Jugement d'ouverture d'une procÃ©dure de sauvegarde"),
        notice(4, siren(4), "collective", nature="Jugement de clÃ´ture pour insuffisance d'actif de la liquidation"),
        notice(5, siren(5), "collective", nature="Jugement arrêtant le plan de redressement"),
        notice(6, siren(6), "vente"),
        notice(7, siren(7), "radiation"),
        notice(8, siren(8), "dpc"),
        notice(9, siren(9), "conciliation"),
        notice(10, siren(1), "modification"),
        notice(11, siren(1), "creation"),
    ]
    load_underived(tmp_path / "data", stock(tmp_path / "in"), write_notices(tmp_path / "bodacc.csv", told))
    kept = rows(tmp_path / "data", "notice")
    assert {(row["siren"], row["kind"]) for row in kept} == {
        (siren(1), "liquidation"), (siren(2), "redressement"), (siren(3), "sauvegarde"), (siren(4), "procedure"),
        (siren(5), "procedure"), (siren(6), "vente"), (siren(7), "radiation"), (siren(8), "comptes"),
        (siren(9), "procedure"),
    }  # fmt: skip
    assert next(row["date"] for row in kept if row["kind"] == "liquidation") == date(2026, 9, 20)
    assert "SENTINELLE" not in repr(kept) + repr(rows(tmp_path / "data", "event"))


def test_a_notice_is_taken_back_by_the_one_that_names_it(tmp_path: Path) -> None:
    told = [
        notice(1, siren(1), "radiation"),
        notice(2, siren(1), "radiation", typeavis="annulation", named="1"),
        notice(3, siren(2), "collective", nature="Jugement d'ouverture de liquidation judiciaire"),
        notice(4, siren(2), "collective", nature="Ouverture de redressement", typeavis="rectificatif", named="0003"),
    ]
    load_underived(tmp_path / "data", stock(tmp_path / "in"), write_notices(tmp_path / "bodacc.csv", told))
    assert [(row["siren"], row["kind"]) for row in rows(tmp_path / "data", "notice")] == [(siren(2), "redressement")]


def test_numbers_are_read_in_both_writings_and_what_names_no_loaded_firm_is_said(tmp_path: Path) -> None:
    told = [
        notice(1, siren(1), "vente", registre=siren(1)),
        notice(2, None, "vente", registre=f'["{siren(2)}", "{siren(3)}"]'),
        notice(3, None, "vente"),
        notice(4, None, "vente", registre="123"),
        notice(5, siren(500), "radiation"),
    ]
    report = load_underived(tmp_path / "data", stock(tmp_path / "in"), write_notices(tmp_path / "bodacc.csv", told))
    assert [row["siren"] for row in rows(tmp_path / "data", "notice")] == [siren(1), siren(2), siren(3)]
    said = " ".join(remark.what for remark in report.remarks)
    assert "2\u00a0annonces sans SIREN" in said
    assert "1\u00a0annonce d’une entreprise qui n’est pas chargée" in said


def test_they_are_events_without_a_former_generation_and_seen_when_they_came(tmp_path: Path) -> None:
    data, files = tmp_path / "data", stock(tmp_path / "in")
    one = notice(1, siren(1), "collective", nature="Ouverture de liquidation", judged="2026-09-20")
    load_underived(data, files, write_notices(tmp_path / "one" / "bodacc.csv", [one]), today=FIRST)
    [event] = rows(data, "event")
    assert (event["kind"], event["siret"], event["source"]) == ("liquidation", siret(1), "bodacc")
    assert (event["date"], event["seen"]) == (date(2026, 9, 20), date(2026, 10, 1))
    two = notice(2, siren(2), "vente", dateparution="2026-10-20")
    report = load_underived(data, files, write_notices(tmp_path / "two" / "bodacc.csv", [one, two]), today=SECOND)
    seen = {row["siret"]: row["seen"] for row in rows(data, "event")}
    assert (report.events, seen) == (1, {siret(1): date(2026, 10, 1), siret(2): SECOND})
    load_underived(data, files, write_notices(tmp_path / "last" / "bodacc.csv", [two]), today=SECOND)
    assert [row["siret"] for row in rows(data, "event")] == [siret(2)]


def test_a_closure_and_its_striking_off_are_one_event_with_two_proofs(tmp_path: Path) -> None:
    data = tmp_path / "data"
    load_underived(data, stock(tmp_path / "one"), today=FIRST)
    closed = {"etatAdministratifEtablissement": "F", "dateDebut": "2026-10-10"}
    told = [
        notice(1, siren(1), "radiation", dateparution="2026-10-25"),
        notice(2, siren(2), "radiation", dateparution="2026-10-25"),
        notice(3, siren(3), "radiation", dateparution="2026-01-05"),
    ]
    changed = stock(tmp_path / "two", n1=closed, n3=closed)
    load_underived(data, changed, write_notices(tmp_path / "bodacc.csv", told), today=SECOND)
    found = {(row["siret"], row["kind"], row["source"], row["notice"]) for row in rows(data, "event")}
    assert found == {
        (siret(1), "fermeture", "sirene", told[0]["id"]),
        (siret(2), "radiation", "bodacc", told[1]["id"]),
        (siret(3), "fermeture", "sirene", None),
        (siret(3), "radiation", "bodacc", told[2]["id"]),
    }


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"dateparution": "2026-12-24"}, "à venir"),
        ({"dateparution": "hier"}, "AAAA-MM-JJ"),
        ({"familleavis": "mariage"}, "famille d’annonce"),
        ({"id": ""}, "identifiant d’annonce"),
    ],
)
def test_what_cannot_be_is_said_and_replaces_nothing(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    told = [notice(1, siren(1), "vente"), notice(2, siren(2), "vente", **changed)]
    file = write_notices(tmp_path / "bodacc.csv", told)
    with pytest.raises(InputFault, match=said):
        load_underived(tmp_path / "data", stock(tmp_path / "in"), file)


def test_an_export_cut_in_the_middle_replaces_nothing(tmp_path: Path) -> None:
    data, files = tmp_path / "data", stock(tmp_path / "in")
    whole = write_notices(tmp_path / "bodacc.csv", [notice(n, siren(n), "vente") for n in range(1, 8)])
    load_underived(data, files, whole, today=FIRST)
    whole.write_bytes(whole.read_bytes()[:-230])
    with pytest.raises(InputFault, match="bodacc"):
        load_underived(data, files, whole, today=SECOND)
    assert len(rows(data, "notice")) == 7
