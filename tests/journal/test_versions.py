"""Two people edit one thing: what only one touched is merged, what both did is a conflict that loses neither text."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from tests.journal.cast import Cast
from vigie.errors import EditConflict
from vigie.services.desk import Desk
from vigie.services.followup import dossiers
from vigie.services.followup.answers import DossierEntry

ENTRY = DossierEntry(kind="holder", title="Un atelier", summary="Première visite", source="salon")


@pytest.fixture
def opened(desk: Desk, cast: Cast) -> str:
    return desk.acts.run(cast.officer, dossiers.OPENED, "", ENTRY).line.id


def test_what_only_one_of_them_touched_is_kept(desk: Desk, cast: Cast, opened: str) -> None:
    acts = desk.acts
    seen = desk.followup.dossiers.read(cast.officer, opened).version
    acts.run(cast.admin, dossiers.EDITED, opened, replace(ENTRY, source="réunion"))
    saved = acts.run(
        replace(cast.officer, seen=seen), dossiers.EDITED, opened, replace(ENTRY, summary="Deuxième visite")
    )
    assert (saved.source, saved.summary) == ("réunion", "Deuxième visite")


def test_a_field_that_both_changed_is_a_conflict_that_holds_both_texts(desk: Desk, cast: Cast, opened: str) -> None:
    acts = desk.acts
    seen = desk.followup.dossiers.read(cast.officer, opened).version
    acts.run(cast.admin, dossiers.EDITED, opened, replace(ENTRY, summary="Texte de l’admin"))
    late = replace(ENTRY, summary="Texte de l’agent", title="Un bel atelier")
    with pytest.raises(EditConflict) as caught:
        acts.run(replace(cast.officer, seen=seen), dossiers.EDITED, opened, late)
    (clash,) = caught.value.clashes
    assert (clash.field, clash.theirs, clash.mine) == ("summary", "Texte de l’admin", "Texte de l’agent")
    assert caught.value.at is not None
    now = desk.followup.dossiers.read(cast.officer, opened)
    assert (now.summary, now.line.title) == ("Texte de l’admin", "Un atelier"), "nothing of it was written"
    assert caught.value.version == now.version
    merged = acts.run(replace(cast.officer, seen=caught.value.version), dossiers.EDITED, opened, late)
    assert merged.summary == "Texte de l’agent"


def test_the_same_text_from_both_is_no_conflict(desk: Desk, cast: Cast, opened: str) -> None:
    acts = desk.acts
    seen = desk.followup.dossiers.read(cast.officer, opened).version
    same = replace(ENTRY, summary="Le même")
    acts.run(cast.admin, dossiers.EDITED, opened, same)
    assert acts.run(replace(cast.officer, seen=seen), dossiers.EDITED, opened, same).summary == "Le même"


def test_two_writers_at_once_never_undo_one_another(desk: Desk, cast: Cast, opened: str) -> None:
    """Both read the same version and write together: one is saved, the other learns of it."""
    acts = desk.acts
    seen, told, start = desk.followup.dossiers.read(cast.officer, opened).version, [], threading.Barrier(2)

    def write(part: str) -> None:
        start.wait()
        try:
            acts.run(
                replace(getattr(cast, part), seen=seen), dossiers.EDITED, opened, replace(ENTRY, summary=f"De {part}")
            )
            told.append(("saved", part, ""))
        except EditConflict as conflict:
            told.append(("refused", part, conflict.clashes[0].theirs))

    writers = [threading.Thread(target=write, args=(part,)) for part in ("officer", "admin")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(kind for kind, _, _ in told) == ["refused", "saved"]
    (winner,) = [part for kind, part, _ in told if kind == "saved"]
    assert desk.followup.dossiers.read(cast.officer, opened).summary == f"De {winner}"
    assert [theirs for kind, _, theirs in told if kind == "refused"] == [f"De {winner}"]
