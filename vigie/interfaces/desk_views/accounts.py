"""What the pages of accounts are given."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.access import Role
from vigie.domain.accounts import ROLE_LABELS
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.desk_views.menu import grouped
from vigie.interfaces.views import Fact, Link
from vigie.services.communes import communes_of, told_territory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.interfaces.views import MenuGroup, MenuLine
    from vigie.services.accounts.signing import Me
    from vigie.services.consultations.answers import ConsultationLine
    from vigie.services.introductions.answers import Aggregates, Board
    from vigie.services.vision.answers import VisionLine

DESK = Link("Bureau", "/bureau")


def role_label(role: str) -> str:
    """Return the French name of a role."""
    return ROLE_LABELS[Role(role)]


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`desk/sign_in.html`: `back` is where to go once in; `provider` leads to the outside identity provider.

    `kept` is a sealed form that was sent without a session: it is shown again once in.
    """

    form: Form
    back: str = ""
    provider: str = ""
    kept: str = ""
    title: str = "Se connecter"
    lead: str = "Le bureau est ouvert aux personnes invitées par une organisation, et aux habitants inscrits."
    returning: str = "Cette page se lit une fois connecté : vous y reviendrez aussitôt."
    interrupted: str = (
        "Votre session avait pris fin : rien n’a été enregistré. Ce que vous avez écrit est gardé dans cette page, "
        "pendant douze heures. Connectez-vous ici : vous le retrouverez, prêt à être envoyé."
    )


@dataclass(frozen=True, slots=True)
class HomePage:
    """`desk/home.html`: what the asker does here; for an elected member, the results and a portrait."""

    title: str
    lead: str
    groups: tuple[MenuGroup, ...]
    today: tuple[Link, ...] = ()
    places: tuple[Option, ...] = ()
    figures: tuple[Fact, ...] = ()
    rule: str = ""
    way: Link | None = None
    talk: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountPage:
    """`desk/me.html`: the asker's own account."""

    form: Form
    email: str
    role: str
    organisation: str
    has_password: bool
    places: tuple[Option, ...] = ()
    done: str = ""
    title: str = "Mon compte"
    lead: str = "Votre nom, votre mot de passe et vos sessions ne regardent que vous."
    trail: tuple[Link, ...] = field(default=(DESK, Link("Mon compte")))


_JOBS = {
    Role.HEAD: "dites ce que fait votre entreprise et ce qu’elle cherche, puis rencontrez qui peut l’aider.",
    Role.ELECTED: "voici ce que donnent les rencontres, et où va votre territoire.",
    Role.ANALYST: "comparez des territoires, lisez les indicateurs, emportez les données.",
    Role.INHABITANT: "dites ce que votre commune cherche, répondez à ce qu’elle cherche.",
    Role.PARTNER: "lisez les dossiers qu’on vous ouvre, aidez les rencontres qui en naissent.",
    Role.SUPER_ADMIN: "ouvrez les organisations, relisez les demandes de ne plus figurer, attestez les dirigeants.",
}
"""What each role comes to do, after its name."""


def home(me: Me, organisation: str, lines: tuple[MenuLine, ...], today: tuple[Link, ...]) -> HomePage:
    """Build the home of the desk, where each is greeted by their job; `today` is what waits for the asker."""
    name = me.name or "Bonjour"
    job = _JOBS.get(Role(me.role), "")
    return HomePage(
        title=organisation,
        lead=f"{name}, {job}" if job else f"{name}, vous travaillez ici comme {role_label(me.role)}.",
        groups=grouped(lines, Role(me.role)),
        today=today,
    )


def results(page: HomePage, territory: str, told: Aggregates) -> HomePage:
    """Return the home of an elected member: what introductions gave, and the way to the portrait."""
    unknown = "trop peu de cas pour le dire"
    found = (
        ("Rencontres allées à leur terme", told.states.get("concluded"), ""),
        ("Rencontres en cours", told.states.get("going"), ""),
        ("Emplois déclarés par les entreprises", told.jobs, ""),
        ("Montants déclarés", told.amount, "€"),
    )
    figures = tuple(
        Fact(label, unknown if count is None else french.euros(count) if unit else french.number(count))
        for label, count, unit in found
    )
    kind, _, code = territory.partition(":")
    way = Link(f"Lire le portrait : {told_territory(territory)}", f"/territoire/{kind}/{code}") if code else None
    return replace(page, title=told_territory(territory) if code else page.title, figures=figures, way=way, rule=_RULE)


_RULE = "Publié par trimestre clos, dès que trois entreprises au moins y contribuent."


def talk(consultations: Sequence[ConsultationLine], visions: Sequence[VisionLine], territory: str) -> tuple[Link, ...]:
    """Return what is said and decided of a territory: consultations, the open ones first, and the vision in force."""
    here = communes_of(territory) if territory else frozenset()
    asked = [one for one in consultations if here & communes_of(one.territory)][:_TALKED]
    decided = [one for one in visions if here & communes_of(one.key)][:_TALKED]
    found = [
        Link(f"Donner mon avis : {one.question}", f"/consultation/{one.id}")
        if one.open
        else Link(f"Ce qui est ressorti : {one.question}", f"/consultation/{one.id}/resultat")
        for one in asked
    ]
    for vision in decided:
        found += [
            Link(f"Le projet : {vision.title}", f"/projet/{vision.id}"),
            Link("Ses résultats, sur un écran", f"/projet/{vision.id}/resultats"),
        ]
    return tuple(found)


_TALKED = 3
"""Consultations, and visions, that a home shows: the others are in their lists."""


def waiting(board: Board | None) -> tuple[Link, ...]:
    """Return what waits for the head of a firm, by their introductions."""
    if board is None:
        return ()
    asked = sum(any(side.own and side.consent == "waiting" for side in one.sides) for one in board.introductions)
    words = "mise en relation attend votre réponse", "mises en relation attendent votre réponse"
    return (Link(french.counted(asked, *words), "/bureau/mises-en-relation?etat=proposed"),) if asked else ()


def account(me: Me, organisation: str, form: Form, done: str = "") -> AccountPage:
    """Build the page of one's own account."""
    return AccountPage(
        form=Form({"nom": me.name, **form.typed}, form.faults),
        email=me.email,
        role=role_label(me.role),
        organisation=organisation,
        has_password=me.has_password,
        done=done,
    )


def places(me: Me, names: Mapping[str, str]) -> tuple[Option, ...]:
    """Return the organisations and the firms to choose from, firms by their public names; none for a single one."""
    if len(me.places) < 2:
        return ()
    return tuple(
        Option(
            f"{place.organisation}:{place.siren}" if place.siren else place.organisation,
            f"{_firm(place.siren, names) or role_label(place.role)} – {place.name}",
            (place.organisation, place.siren) == (me.organisation, me.siren),
        )
        for place in me.places
    )


def _firm(siren: str, names: Mapping[str, str]) -> str:
    return (names.get(siren) or french.identifier(siren)) if siren else ""
