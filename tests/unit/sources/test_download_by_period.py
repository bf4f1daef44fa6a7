"""Sources that are asked for by département and by period."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.not_empty import not_empty
from tests.publisher import publishing
from vigie.errors import RequestFault
from vigie.services import download as service
from vigie.sources.cards_reader import Address, Card, read_cards


def test_a_source_by_period_is_asked_for_a_departement_and_a_day(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("avis.csv", "id\n1\n")
    today, asked = date(2026, 11, 28), {None: "2025-11-28", date(2026, 1, 1): "2026-01-01"}
    with publishing() as publisher:
        for day in asked.values():
            publisher.publish(f"avis_85_{day}.zip", packed.getvalue())
        url = publisher.url("avis_{departement}_{since}.zip")
        address = Address(url, "zip", file="a_{departement}.zip", scope="departement")
        card = Card("source_x", "T", "P", "L", "C", "R", addresses=(address,))
        for since, day in not_empty(asked.items()):
            request = service.DownloadRequest(("source_x",), tmp_path, "85", today=today, since=since)
            [got] = service.download(request, [card])
            assert Path(got.path).name == "a_85.zip"
            assert f"avis_85_{day}.zip" in publisher.seen[-1][1] or got.url.endswith(f"avis_85_{day}.zip")
        for territory in (None, "epci:200071629"):
            with pytest.raises(RequestFault, match="se télécharge par département"):
                service.download(service.DownloadRequest(("source_x",), tmp_path, territory), [card])


def test_the_address_of_notices_asks_for_the_columns_that_are_read_and_no_other():
    card = next(card for card in read_cards() if card.id == "bodacc")
    [address] = card.addresses
    asked = parse_qs(urlsplit(address.url.replace("{departement}", "85").replace("{since}", "2026-01-01")).query)
    assert asked["select"] == [",".join(rule.name for rule in card.columns)]
    assert asked["where"] == ["numerodepartement=\"85\" and dateparution>=date'2026-01-01'"]
    assert "listepersonnes" not in address.url
