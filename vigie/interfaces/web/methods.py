"""The page that says how proposals are made: every feature in its own words, and what each kind weighs."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain import french
from vigie.interfaces.views import TableView
from vigie.interfaces.web.frame import show_desk
from vigie.services.connect.method import FeatureTold, method


@dataclass(frozen=True, slots=True)
class ProposalMethodPage:
    """`proposal_method.html`: groups of features with a title, and the weights of the kinds."""

    title: str
    lead: str
    groups: tuple[tuple[str, tuple[FeatureTold, ...]], ...]
    weights: TableView
    learning: tuple[str, ...]


def proposals(request: Request) -> Response:
    """Say how partners are proposed."""
    told = method()
    labels = tuple(one.label for one in told.features)
    rows = tuple((one.label, *(french.number(weight, 1) for weight in one.weights)) for one in told.kinds)
    page = ProposalMethodPage(
        title="Comment les partenaires sont proposés",
        lead="Une proposition est une somme de raisons, chacune avec son poids : rien d’autre ne la fait monter.",
        groups=(
            ("Ce qui est regardé entre deux entreprises", told.features),
            ("Ce qui est appris et jugé sur les projets européens", told.of_projects),
            ("Ce qui est appris et jugé sur les marchés publics", told.of_contracts),
        ),
        weights=TableView("Poids énoncés, par sorte de proposition", ("Sorte", *labels), rows,
                          (False, *(True for _ in labels))),
        learning=told.learning,
    )  # fmt: skip
    return show_desk(request, "proposal_method.html", page, section="annuaire")


ROUTES = (Route("/methode/partenaires", proposals),)
