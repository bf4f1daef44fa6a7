"""The doors of workshops: prepared by forms, joined by code without account, filled by several, closed, told by all."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.journal.cast import Clock, settled
from tests.journal.doors.office import Office
from tests.journal.test_workshops import FACTORS, fill, opened
from vigie import bootstrap
from vigie.domain.workshop import ItemKind
from vigie.interfaces.cli.main import main
from vigie.interfaces.web.desk.workshops import ROOM_COOKIE
from vigie.services.acts import Nothing
from vigie.services.workshops.running import CLOSED
from vigie.settings import Settings

API = "/api/v1/desk/workshops"


def test_a_workshop_goes_from_its_form_to_its_minutes(office: Office) -> None:
    officer, today = office.page("officer"), office.desk.journal.today(office.cast.officer).isoformat()
    days = {"held_on": today, "ends_on": today}
    said = {"title": "Nos bourgs", "question": "Que devenir ?", "territory": "85109", **days}
    wrong = officer.post("/bureau/ateliers/nouveau", data={**said, "ends_on": "2020-01-01"})
    assert wrong.status_code == 422 and "avant le premier" in wrong.text
    made = officer.post("/bureau/ateliers/nouveau", data=said)
    place = made.url.path
    workshop = place.rpartition("/")[2]
    room = f"/atelier/{workshop}"
    assert office.page().get(room).status_code == 404
    officer.post(f"{place}/ajouter", data={"kind": "factor", "texts": "Le sol\nLes jeunes"})
    shown = officer.post(f"{place}/ouvrir", data={"people": "3"}).text
    code = re.search(r"\?code=(\w{8})", shown)
    assert code
    for mark in ("3", "3", "1"):
        device = office.page()
        assert "Code de la salle" in device.get(room).text
        assert device.get(f"{room}/remplir?etape=influence").url.path == room
        wrong = device.post(room, data={"geste": "entrer", "code": "abcdefgh"})
        assert wrong.status_code == 422 and "code" in wrong.text
        assert "remplir?etape=influence" in device.post(room, data={"geste": "entrer", "code": code[1]}).text
        assert device.cookies[ROOM_COOKIE]
        page = device.get(f"{room}/remplir?etape=influence")
        for _ in range(2):
            cell = re.search(r'name="case" value="([^"]+)"', page.text)
            assert cell
            page = device.post(f"{room}/remplir", data={"case": cell[1], "note": mark})
        assert "Tout est rempli" in page.text
    device.post(room, data={"geste": "proposer", "text": "Le retour du train"})
    assert "Le retour du train" in officer.get(place).text and "Le retour du train" not in office.page().get(room).text
    assert "3 personnes" in office.page().get(f"{room}/ecran").text.replace("\u00a0", " ")
    assert "Le sol" in office.page().get(f"{room}/cartes").text
    assert office.page().get(f"{room}/resultat").status_code == 409
    assert "accord" in officer.get(f"{room}/resultat").text
    assert "sont effacées" in officer.post(f"{place}/clore").text
    told = office.page().get(f"{room}/resultat").text
    assert "Compte rendu" in told and "atelier est clos" in told and "Le sol" in told


def test_programs_join_fill_and_read(office: Office) -> None:
    clock = Clock()
    clock.now = office.desk.journal.now()
    room = opened(office.desk, office.cast, clock)
    program, place = office.api(), f"{API}/{room.told.line.id}"
    assert room.told.line.id in [one["id"] for one in program.get(API).json()["workshops"]]
    secret = program.post(f"{place}/participants", json={"code": room.codes[0].code}).json()["secret"]
    mine = {"X-Participant": secret}
    asked = program.get(f"{place}/paper", headers=mine).json()["asked"]
    assert program.post(f"{place}/marks", json={"cell": asked["cell"], "mark": 2}, headers=mine).status_code == 201
    assert program.get(f"{place}/paper", headers=mine).json()["done"] == 1
    assert program.post(f"{place}/marks", json={"cell": asked["cell"], "mark": 9}, headers=mine).status_code == 400
    assert program.get(f"{place}/result").status_code == 409


def test_commands_read_what_came_out(loaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(loaded, tmp_path / "data")
    settings = Settings(data_dir=tmp_path / "data")
    cast = settled(settings)
    desk, clock = bootstrap.open_desk(settings), Clock()
    clock.now = desk.journal.now()
    crossed = "Le train : il revient ; il part\nLes ateliers : ils rouvrent ; ils ferment"
    room = opened(desk, cast, clock, (ItemKind.FACTOR, "\n".join(FACTORS)), (ItemKind.DESCRIPTOR, crossed))
    for step in ("influence", "fits"):
        fill(desk, room, 3, step)
    where = ["--data-dir", str(settings.data_dir)]
    assert main(["envision", "workshop", room.told.line.id, *where]) == 1
    desk.acts.run(cast.officer, CLOSED, room.told.line.id, Nothing())
    desk.close()
    capsys.readouterr()
    assert main(["envision", "workshops", *where, "--json"]) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)["workshops"]] == [room.told.line.id]
    assert main(["envision", "workshops", *where]) == 0
    assert "Nos ateliers en 2040" in capsys.readouterr().out
    assert main(["envision", "workshop", room.told.line.id, *where, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {one["answers"] for one in found["cells"]} == {3} and len(found["factors"]) == 3
    assert main(["envision", "workshop", room.told.line.id, *where]) == 0
    said = capsys.readouterr().out
    assert "atelier est clos" in said and "Scénario qui se tient" in said
