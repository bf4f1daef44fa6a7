"""The doors of a vision: written by forms, read by all, its story and results, the API and the command."""

from __future__ import annotations

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journal.cast import settled
from tests.journal.doors.office import Office
from tests.journal.foretelling import foretold
from vigie import bootstrap
from vigie.interfaces.cli.main import main
from vigie.services.acts import Nothing
from vigie.services.vision.writing import PUBLISHED, WRITTEN, VisionEntry
from vigie.settings import Settings


def test_a_vision_is_written_published_and_followed_by_forms(office: Office) -> None:
    officer = office.page("officer")
    made = officer.post("/bureau/projets/nouveau", data={"title": "Un pays qui fabrique", "text": "Des ateliers."})
    assert "Le projet est écrit" in made.text
    place = str(made.url).partition("?")[0]
    vision = place.rpartition("/")[2]
    assert office.page().get(f"/projet/{vision}").status_code == 404
    with_one = officer.post(f"{place}/priorites", data={"title": "Remplir les ateliers"})
    priority = re.search(r'aria-labelledby="(\w{20})"', with_one.text)
    assert priority
    refused = officer.post(f"{place}/actions", data={"priority": priority[1], "title": ""})
    assert refused.status_code == 422 and "Écrivez l’action" in refused.text
    officer.post(
        f"{place}/actions", data={"priority": priority[1], "title": "Racheter un atelier", "carrier": "le foncier"}
    )
    due = (office.desk.journal.now().date() + timedelta(days=400)).isoformat()
    target = {"priority": priority[1], "indicator": "employers", "baseline": "40", "target": "50", "due_on": due}
    assert "pas encore mesuré" in officer.post(f"{place}/buts", data=target).text
    shown = officer.post(f"{place}/publier")
    assert "Le projet est publié" in shown.text
    action = re.search(r"/bureau/actions/(\w{20})/avancement", shown.text)
    assert action
    officer.post(f"/bureau/actions/{action[1]}/avancement", data={"state": "done", "note": "C’est signé."})
    public = office.page()
    page = public.get(f"/projet/{vision}").text
    assert "Faite" in page and "C’est signé" in page and "Portée par le foncier" in page
    story = public.get(f"/projet/{vision}/recit").text
    assert f'href="/projet/{vision}#{action[1]}"' in story
    assert "non dit" in public.get(f"/projet/{vision}/resultats").text
    told = office.api().get(f"/api/v1/desk/visions/{vision}/story").json()["sentences"]
    assert told and all(one["address"].startswith("/") for one in told)


def test_the_only_vision_in_force_is_where_the_address_leads(office: Office) -> None:
    assert office.page().get("/projet").url.path.startswith("/projet/")
    assert office.page().get("/projet/resultats").url.path.endswith("/resultats")


def test_the_command_reads_what_is_published(loaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(loaded, tmp_path / "data")
    settings = Settings(data_dir=tmp_path / "data")
    cast = settled(settings)
    desk = bootstrap.open_desk(settings)
    vision = desk.acts.run(cast.officer, WRITTEN, "", VisionEntry("Un cap", "Nous voulons.")).line.id
    where = ("--data-dir", str(tmp_path / "data"))
    assert main(["envision", "project", vision, *where]) == 1
    desk.acts.run(cast.officer, PUBLISHED, vision, Nothing())
    desk.close()
    capsys.readouterr()
    assert main(["envision", "project", *where, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["visions"][0]["id"] == vision
    assert main(["envision", "project", vision, *where]) == 0
    said = capsys.readouterr().out
    assert "Le cap" in said and "Rencontres abouties" in said
    assert main(["envision", "project", vision, *where, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["results"]) == 5


def test_a_scenario_is_chosen_by_the_form_and_leads_to_its_workshop(office: Office) -> None:
    """What no workshop tells is refused at its field; the page says what is seen, or that nothing is yet."""
    desk, officer = office.desk, office.page("officer")
    workshop = foretold(desk, office.cast, desk.journal.today(office.cast.officer))
    wrong = {"title": "Un cap", "text": "Un texte.", "foreseen": f"{workshop}:9"}
    refused = officer.post("/bureau/projets/nouveau", data=wrong)
    assert refused.status_code == 422 and "Ce scénario n’est pas d’un atelier clos" in refused.text
    form = officer.get("/bureau/projets/nouveau").text
    sent = re.search(rf'<option value="({workshop}:\d+)"[^>]*>[^<]*rouvrent', form)
    assert sent
    said = {"title": "Un cap", "text": "Un texte.", "foreseen": sent[1]}
    place = str(officer.post("/bureau/projets/nouveau", data=said).url).partition("?")[0]
    vision = place.rpartition("/")[2]
    officer.post(f"{place}/publier")
    page = office.page().get(f"/projet/{vision}").text
    assert f'href="/atelier/{workshop}/resultat"' in page
    assert "Ce qu’on en voit aujourd’hui" in page and "pas encore mesuré" in page
    told = office.api().get(f"/api/v1/desk/visions/{vision}").json()["foreseen"]
    assert (told["workshop"], told["signs"][0]["indicator"]) == (workshop, "employers")
