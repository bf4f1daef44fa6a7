"""Industrial employers that nobody met for two years: whom the list holds, behind the page, the API, the command."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests import small_stock
from tests.doors.served import TestClient
from tests.journal.cast import HERE, Cast, settled
from tests.journal.doors.office import READING_TOKEN, give_token
from tests.objecting import objecting
from tests.refreshing import load_underived
from vigie import bootstrap
from vigie.domain.access import Role, Scope
from vigie.domain.relations import EventKind, Wanted
from vigie.errors import NotFound, NotPlaced, RequestFault
from vigie.interfaces.cli.main import main
from vigie.interfaces.http import SESSION_COOKIE
from vigie.interfaces.server import application
from vigie.services.followup.exchanges import RECORDED, ExchangeEntry
from vigie.services.followup.never_met import NeverMetAsked
from vigie.services.watch import ForemostEvents, Watch, WatchedEvent
from vigie.settings import Settings
from vigie.store.journal.followup import Dossier

HERBIERS = {"codeCommuneEtablissement": "85109", "libelleCommuneEtablissement": "LES HERBIERS"}
LARGEST, TWICE, SMALL, SHOP, MASKED, CLOSED, KNOWN, FORGOTTEN, ELSEWHERE_SITE, OBJECTING = range(1, 11)


CLOSURE = WatchedEvent(
    kind=EventKind.CLOSURE, label="fermeture", sentence="fermeture", siret=small_stock.siret(SHOP), employees=60,
    siren=small_stock.siren(SHOP), name=None, masked=False, commune="85109", commune_name=None, date=date(2026, 11, 20),
    seen=date(2026, 11, 20), before=None, after=None, other_commune=None, other_commune_name=None,
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Cast]:
    """Ten firms, each in the list or out of it for a reason of its own; an organisation that follows two of them."""
    work = tmp_path_factory.mktemp("unmet")
    changes = {
        LARGEST: {"trancheEffectifsEtablissement": "21"},
        TWICE: {"trancheEffectifsEtablissement": "11"},
        SMALL: {"trancheEffectifsEtablissement": "03"},
        SHOP: {"activitePrincipaleEtablissement": "47.11B", "activitePrincipaleNAF25Etablissement": ""},
        MASKED: {"statutDiffusionEtablissement": "P"},
        CLOSED: {"etatAdministratifEtablissement": "F"},
        ELSEWHERE_SITE: {"codeCommuneEtablissement": "85191", "libelleCommuneEtablissement": "LA ROCHE-SUR-YON"},
    }
    establishments = [small_stock.establishment(n, **{**HERBIERS, **changes.get(n, {})}) for n in range(1, 11)]
    establishments.append(small_stock.establishment(TWICE, 2, **HERBIERS, trancheEffectifsEtablissement="12"))
    units = [small_stock.unit(n, **({"statutDiffusionUniteLegale": "P"} if n == MASKED else {})) for n in range(1, 11)]
    load_underived(work / "data", small_stock.write_stock(work / "stock", establishments, units))
    settings = Settings(data_dir=work / "data")
    cast = settled(settings)
    desk = bootstrap.open_desk(settings)
    give_token(desk, cast)
    officer = Scope(Role.OFFICER, HERE, cast.officer.person, via="command")
    with desk.journal.writing(officer) as unit:
        unit.act("dossier.opened")
        recent = Dossier(kind="firm", title="Suivie", siren=small_stock.siren(KNOWN), created_at=unit.now)
        old = Dossier(kind="firm", title="Oubliée", siren=small_stock.siren(FORGOTTEN))
        old.created_at, old.last_contact_on = unit.now - timedelta(days=1200), unit.today - timedelta(days=900)
        unit.add(recent)
        unit.add(old)
    desk.close()
    return settings, cast


def listed(settings: Settings, scope: Scope, **asked: object) -> list[str]:
    with bootstrap.house(settings) as (installation, desk), installation.services() as services:
        found = desk.followup.never_met.page(scope, services, NeverMetAsked(**asked))  # type: ignore[arg-type]
        return [firm.siren for firm in found.firms]


def test_only_industrial_employers_of_ten_that_nobody_met_are_listed(made: tuple[Settings, Cast]) -> None:
    settings, cast = made
    expected = [small_stock.siren(number) for number in (LARGEST, TWICE, FORGOTTEN, OBJECTING)]
    assert listed(settings, cast.officer) == expected
    assert listed(settings, cast.officer, least=20) == expected[:2], "the larger of both sites is counted"
    assert listed(settings, cast.officer, territory="La Roche-sur-Yon") == [small_stock.siren(ELSEWHERE_SITE)]
    assert small_stock.siren(KNOWN) in listed(settings, cast.officer_away), "what one organisation knows, no other does"
    assert listed(settings, cast.officer, page=2, per_page=3) == expected[3:]


def test_who_reads_no_dossier_reads_no_list(made: tuple[Settings, Cast]) -> None:
    settings, cast = made
    for part in (cast.head, cast.inhabitant, Scope()):
        with pytest.raises(NotFound):
            listed(settings, part)
    with pytest.raises(RequestFault, match="n’est pas un code"):
        listed(settings, cast.officer, territory="atlantide")
    with pytest.raises(RequestFault, match="compte de 1 à"):
        listed(settings, cast.officer, per_page=0)


def test_every_door_gives_the_same_rows(made: tuple[Settings, Cast], capsys: pytest.CaptureFixture[str]) -> None:
    settings, cast = made
    expected = listed(settings, cast.officer)
    command = ["watch", "never-met", "--token", READING_TOKEN, "--data-dir", str(settings.data_dir), "--json"]
    assert main(command) == 0, capsys.readouterr().err
    told = json.loads(capsys.readouterr().out)
    assert [firm["siren"] for firm in told["firms"]] == expected
    forgotten = next(firm for firm in told["firms"] if firm["siren"] == small_stock.siren(FORGOTTEN))
    assert forgotten["last_contact"] and told["firms"][0]["last_contact"] is None
    with TestClient(application(settings)) as client:
        bearer = {"authorization": f"Bearer {READING_TOKEN}"}
        assert client.get("/api/v1/desk/never-met", headers=bearer).json()["firms"] == told["firms"]
        assert client.get("/api/v1/desk/never-met").status_code in (401, 404)
        client.cookies.set(SESSION_COOKIE, cast.secrets["officer"])
        page = client.get("/bureau/jamais-rencontrees")
        assert page.status_code == 200 and "4\u00a0industriels" in page.text
        week = client.get("/bureau").text
        assert "Jamais rencontrées" in week and "Les voir tous" in week
        file = client.get("/bureau/jamais-rencontrees.csv")
        assert [line["SIREN"] for line in csv.DictReader(io.StringIO(file.text))] == expected
        for query, said in (("territoire=atlantide", "n’est pas un code"), ("effectif=dix", "nombre entier")):
            wrong = client.get(f"/bureau/jamais-rencontrees?{query}")
            assert wrong.status_code == 422 and said in wrong.text
    assert main(["watch", "never-met", "--token", "faux", "--data-dir", str(settings.data_dir)]) != 0
    assert "jeton" in capsys.readouterr().err


def test_an_officer_chooses_what_they_watch(made: tuple[Settings, Cast], monkeypatch: pytest.MonkeyPatch) -> None:
    settings, cast = made
    asked: list[Wanted] = []

    def foremost(_: Watch, *__: object, **given: Any) -> ForemostEvents:
        if "wanted" in given:
            asked.append(given["wanted"])
        if given.get("wanted", Wanted()).around:
            raise NotPlaced("Position inconnue.")
        return ForemostEvents((CLOSURE,) if "wanted" in given else (), 1, None)

    monkeypatch.setattr(Watch, "foremost", foremost)
    with TestClient(application(settings)) as client:
        client.cookies.set(SESSION_COOKIE, cast.secrets["officer"])
        week = client.get("/bureau").text
        assert "Vous suivez les sites de 10\u00a0salariés ou plus." in week and 'href="/bureau/lundi/seuils"' in week
        assert small_stock.siren(TWICE) in week
        address, said = (
            "/bureau/lundi/seuils",
            {"least": "50", "naf": "25", "commune": "Les Herbiers", "kilometres": "15"},
        )
        form = client.get(address).text
        assert 'value="10"' in form
        for field, wrong, told in (
            ("naf", "99.99Z", "99.99Z"),
            ("commune", "Atlantide", "Aucune commune"),
            ("least", "0", "5"),
        ):
            refused = client.post(address, data=said | {field: wrong}, headers={"origin": "http://testserver"})
            assert (refused.status_code == 422 and told in refused.text.lower()) or told in refused.text, field
        done = client.post(address, data=said, headers={"origin": "http://testserver"})
        assert done.url.path == "/bureau" and "Vos seuils sont enregistrés." in done.text
        told = done.text.replace("\u202f", " ").replace("\u00a0", " ")
        assert "50 salariés ou plus, l’activité 25 et ce qui est à 15 km au plus des Herbiers." in told
        assert "La position des communes n’est pas connue ici" in done.text
        assert small_stock.siren(TWICE) not in done.text and small_stock.siren(LARGEST) in done.text
        assert "/bureau/jamais-rencontrees?effectif=50" in done.text
        assert "&amp;type=fermeture&amp;effectif=50&amp;naf=25" in done.text, "all closures are a press away"
        assert Wanted("25", "commune:85109", 15) in asked and Wanted("25", "", 15) in asked
        assert 'value="50"' in client.get(address).text
        again = client.post(address, data={"least": "10", "kilometres": "20"}, headers={"origin": "http://testserver"})
        assert again.status_code == 200
        assert "Vous suivez les sites de 10\u00a0salariés ou plus." in client.get("/bureau").text
        client.cookies.set(SESSION_COOKIE, cast.secrets["admin"])
        assert 'value="10"' in client.get(address).text, "what one officer chooses is their own"


def test_an_exchange_or_an_objection_takes_a_firm_out(
    made: tuple[Settings, Cast], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, cast = made
    assert small_stock.siren(OBJECTING) in listed(settings, cast.officer)
    objecting(monkeypatch, small_stock.siren(OBJECTING))
    assert small_stock.siren(OBJECTING) not in listed(settings, cast.officer)
    desk = bootstrap.open_desk(settings)
    with desk.journal.reading(cast.officer) as reader:
        dossier = reader.one(select(Dossier.id).where(Dossier.siren == small_stock.siren(FORGOTTEN)))
    assert dossier
    desk.acts.run(cast.officer, RECORDED, dossier, ExchangeEntry("visit", "Visite de l’atelier"))
    desk.close()
    assert small_stock.siren(FORGOTTEN) not in listed(settings, cast.officer)
