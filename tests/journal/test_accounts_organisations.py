"""Organisations: what they say of themselves, and the name and the territory that the host gives them."""

from __future__ import annotations

import pytest

from tests.journal.cast import HERE, HOST, Cast
from tests.journal.passwords import CHEAP, PASSWORD
from vigie.domain.access import Role, Scope
from vigie.errors import FieldFault, NotFound
from vigie.services.accounts.inviting import InvitationDraft, Invited
from vigie.services.accounts.organisations import Charter, reads_alike
from vigie.services.desk import Desk

NEW = "nouvelle@example.org"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vigie.services.accounts.passwords.PasswordHasher", CHEAP)


def token_of(invited: Invited) -> str:
    return invited.link.rpartition("/")[2]


def test_an_organisation_says_how_long_and_by_what_right_it_keeps(desk: Desk, cast: Cast) -> None:
    changed = desk.accounts.organisations.change(
        cast.admin, Charter("Communauté d’essai", "epci:248500621", 2026, "6-1-e", 60, "visa 2026-12")
    )
    assert desk.accounts.organisations.mine(cast.analyst) == changed
    for charter, field in (
        (Charter("Essai", retention_months=37), "visa"), (Charter("Essai", retention_months=0), "duree"),
        (Charter(" "), "nom"), (Charter("Essai", "Vendée"), "territoire"),
        (Charter("Essai", legal_basis="non"), "base_legale"),
        (Charter("Essai", cog=26), "cog"),
    ):  # fmt: skip
        with pytest.raises(FieldFault) as fault:
            desk.accounts.organisations.change(cast.admin, charter)
        assert fault.value.field == field
    for part in ("officer", "analyst", "anyone"):
        with pytest.raises(NotFound):
            desk.accounts.organisations.change(cast.scopes[part], Charter("Essai"))


def test_the_host_makes_organisations_and_invites_their_first_administrator(desk: Desk, cast: Cast) -> None:
    made = desk.accounts.organisations.create(cast.super_admin, Charter("Agence neuve", "departement:85"), "agence")
    assert made in desk.accounts.organisations.all(cast.super_admin)
    with pytest.raises(NotFound):
        desk.accounts.organisations.create(cast.admin, Charter("Autre"), "agence")
    with pytest.raises(NotFound):
        desk.accounts.organisations.all(cast.admin)
    with pytest.raises(FieldFault):
        desk.accounts.organisations.create(cast.super_admin, Charter("Autre"), "inconnue")
    command = Scope(Role.SUPER_ADMIN, made.id, via="command")
    invited = desk.accounts.inviting.invite(command, InvitationDraft(NEW, "admin"))
    assert desk.accounts.joining.accept(token_of(invited), "Première", PASSWORD).here.name == "Agence neuve"
    with pytest.raises(FieldFault):
        desk.accounts.inviting.invite(command, InvitationDraft("x@example.org", "super_admin"))
    host = Scope(Role.SUPER_ADMIN, HOST, via="command")
    assert desk.accounts.inviting.invite(host, InvitationDraft("x@example.org", "super_admin")).role == "super_admin"


def test_an_administrator_keeps_the_name_and_the_territory_that_the_host_gave(desk: Desk, cast: Cast) -> None:
    organisations = desk.accounts.organisations
    for charter, field in (
        (Charter("Communauté voisine", "epci:248500621", 2026), "nom"),
        (Charter("Communauté d’essai", "departement:85", 2026), "territoire"),
    ):
        with pytest.raises(FieldFault) as fault:
            organisations.change(cast.admin, charter)
        assert fault.value.field == field
    for scope in (cast.admin, cast.officer, cast.anyone):
        with pytest.raises(NotFound):
            organisations.entitle(scope, HERE, "Communauté neuve", "departement:85")
    changed = organisations.entitle(cast.super_admin, HERE, "Communauté neuve", "departement:85")
    assert (changed.charter.name, changed.charter.territory) == ("Communauté neuve", "departement:85")


@pytest.mark.parametrize(
    "name",
    ["communauté voisine", "COMMUNAUTE  VOISINE", "Communauté-Voisine", "Cоmmunаuté vоisine", "C0mmunauté voisine",
     "СОММUNАUТÉ VОISINЕ", "Communaut\u200bé vois\u2060ine", "Соmmuпauté voisine", "Cοmmυnαutέ νοisinε",
     "𝐂𝐨𝐦𝐦𝐮𝐧𝐚𝐮𝐭é 𝐯𝐨𝐢𝐬𝐢𝐧𝐞", "Ｃｏｍｍｕｎａｕｔé voisine", "Cornmunauté voisine", "Communauté vo1sine",
     "Ⅽommunauté voisine", "Communautė vöisine", "«\u00a0Communauté voisine\u00a0»", "ᏟOMMUNAUTÉ VOISINE",
     "Communauté\u202e voisine", "ᴄᴏᴍᴍᴜɴᴀᴜᴛé ᴠᴏɪsɪɴᴇ"],
)  # fmt: skip
def test_a_name_that_reads_like_another_is_refused(desk: Desk, cast: Cast, name: str) -> None:
    organisations = desk.accounts.organisations
    with pytest.raises(FieldFault, match="porte ce nom"):
        organisations.create(cast.super_admin, Charter(name), "agence")
    with pytest.raises(FieldFault, match="porte ce nom"):
        organisations.entitle(cast.super_admin, HERE, name, "")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Pays de Vie", "Pays de Nie"), ("Agence du Haut", "Agence du Laut"), ("CC du Val", "CC du Bal"),
     ("Métropole du Rhin", "Métropole du Rhône"), ("Communauté 2", "Communauté 3"), ("Συνεταιρισμός", "Кооператив")],
)  # fmt: skip
def test_names_that_an_eye_tells_apart_are_free(one: str, other: str) -> None:
    assert not reads_alike(one, other) and reads_alike(one, one)


def test_a_territory_answered_for_is_refused(desk: Desk, cast: Cast) -> None:
    with pytest.raises(FieldFault, match="répond déjà"):
        desk.accounts.organisations.create(cast.super_admin, Charter("Agence", "epci:248500621"), "agence")
