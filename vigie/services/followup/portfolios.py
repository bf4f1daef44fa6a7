"""Portfolios: firms and territories that an officer watches together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.actors import compact_identifier, is_siren
from vigie.domain.declared import Label, Length, Missing
from vigie.errors import FieldFault, NotFound
from vigie.services.acts import Act, Doing, FormPage, Nothing, Telling, nothing
from vigie.services.capabilities import Capability
from vigie.services.communes import known_territory, territory_name
from vigie.services.followup.answers import WORDS, PortfolioLine, PortfolioMemberLine, PortfolioRecord
from vigie.services.followup.dossiers import WRITES
from vigie.services.followup.reading import names
from vigie.store.journal.followup import Dossier, Portfolio, PortfolioMember
from vigie.store.journal.unit import version_of

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.acts import ActRunner
    from vigie.store.journal.port import Journal, Reader, Unit

FIRST_NAME = "Mon portefeuille"


@dataclass(frozen=True, slots=True)
class PortfolioName:
    """Le nom d’un portefeuille."""

    name: Annotated[str, Label("Nom"), Length(WORDS), Missing("Écrivez un nom.")]


@dataclass(frozen=True, slots=True)
class Watching:
    """Une entreprise, ou un territoire."""

    siren: Annotated[str, Label("SIREN ou SIRET"), Length(40)] = ""
    territory: Annotated[str, Label("Clé, code, ou nom d’une commune"), Length(100)] = ""


@dataclass(frozen=True, slots=True)
class Unwatching:
    """Ce qui est retiré d’un portefeuille."""

    member: Annotated[str, Label("Entreprise ou territoire du portefeuille"), Length(20)]


class Portfolios:
    """The portfolios of an organisation: its followers read them all, each changes their own."""

    def __init__(self, journal: Journal, acts: ActRunner) -> None:
        self._journal, self._acts = journal, acts

    def all(self, scope: Scope) -> tuple[PortfolioLine, ...]:
        """Return the portfolios, one's own first, then by name."""
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            rows = reader.all(select(Portfolio).where(Portfolio.deleted_at.is_(None)))
            lines = _lines(reader, rows, held(reader, [row.id for row in rows]))
        return tuple(sorted(lines, key=lambda line: (line.owner != scope.person, line.name, line.id)))

    def read(self, scope: Scope, portfolio: str) -> PortfolioRecord:
        """Return a portfolio and what it holds, firms first."""
        return self._acts.tell(scope, read_portfolio, portfolio)

    def fill_first(self, scope: Scope, said: Watching) -> PortfolioRecord:
        """Put a firm or a territory in one's first portfolio, made if there is none.

        Raises `FieldFault` for a number or a territory that is not one.
        """
        scope.require(Thing.DOSSIERS, Right.WRITE)
        _watched(said)
        with self._journal.reading(scope) as reader:
            first = next((row.id for row in own(reader)), "")
        # Made apart from what the request asks for, whose key stands for the act below.
        first = first or self._acts.do(replace(scope, request_key=""), MADE, "", PortfolioName(FIRST_NAME))
        return self._acts.run(scope, FILLED, first, said)


def read_portfolio(telling: Telling, portfolio: str) -> PortfolioRecord:
    """Return a portfolio and what it holds, firms first."""
    scope, reader = telling.scope, telling.reader
    scope.require(Thing.DOSSIERS, Right.READ)
    row = reader.get(Portfolio, portfolio)
    members = held(reader, [row.id])
    return PortfolioRecord(
        line=_lines(reader, [row], members)[0],
        members=_member_lines(reader, members.get(row.id, [])),
        may_write=_is_own(scope, row),
        version=version_of(row),
    )


_HOME = "/bureau/portefeuilles"
_HERE = f"{_HOME}/{{portfolio}}"
MADE = Act(
    "portfolio.made",
    "portefeuille créé",
    needs=WRITES,
    at="POST portfolios",
    form_at="portefeuilles",
    summary="Créer un portefeuille",
    note="Il est à vous.",
    done="Le portefeuille est créé.",
    takes=PortfolioName,
    makes=True,
    tells=read_portfolio,
    page=FormPage("", "", "Créer", lambda _, portfolio: f"{_HOME}/{portfolio}", within=True),
)
RENAMED = Act(
    "portfolio.renamed",
    "portefeuille renommé",
    needs=WRITES,
    at="PUT portfolios/{portfolio}",
    form_at="portefeuilles/{portfolio}/renommer",
    summary="Renommer un portefeuille",
    note="Le vôtre seulement.",
    done="Le portefeuille est renommé.",
    takes=PortfolioName,
    tells=read_portfolio,
    page=FormPage("", "", "Renommer", _HERE, within=True),
)
FILLED = Act(
    "portfolio.filled",
    "portefeuille complété",
    needs=WRITES,
    at="POST portfolios/{portfolio}/members",
    form_at="portefeuilles/{portfolio}/membres",
    summary="Ajouter à un portefeuille",
    note="Une entreprise ou un territoire.",
    done="C’est ajouté ; les changements à venir paraîtront le lundi.",
    takes=Watching,
    adds=True,
    tells=read_portfolio,
    page=FormPage("", "", "Ajouter", _HERE, within=True),
)
EMPTIED = Act(
    "portfolio.emptied",
    "retrait d’un portefeuille",
    needs=WRITES,
    at="DELETE portfolios/{portfolio}/members/{member}",
    form_at="portefeuilles/{portfolio}/membres/retirer",
    summary="Retirer d’un portefeuille",
    note="Retire une entreprise ou un territoire.",
    done="C’est retiré du portefeuille.",
    takes=Unwatching,
    tells=read_portfolio,
    page=FormPage("", "", "Retirer", _HERE, within=True),
)
WITHDRAWN = Act(
    "portfolio.withdrawn",
    "portefeuille retiré",
    needs=WRITES,
    at="DELETE portfolios/{portfolio}",
    form_at="portefeuilles/{portfolio}/supprimer",
    summary="Supprimer un portefeuille",
    note="Les dossiers de ses entreprises restent.",
    done="Le portefeuille est supprimé ; les dossiers restent.",
    takes=Nothing,
    tells=nothing,
    page=FormPage("", "", "Supprimer ce portefeuille", _HOME, within=True, danger=True),
)
CAPABILITY = Capability("Dossiers", acts=(MADE, RENAMED, WITHDRAWN, FILLED, EMPTIED))


@MADE.does
def make(doing: Doing, _: str, said: PortfolioName) -> None:
    """Make a portfolio of one's own."""
    doing.unit.add(Portfolio(id=doing.subject, name=said.name, owner_id=doing.unit.scope.person))


@RENAMED.does
def rename(doing: Doing, portfolio: str, said: PortfolioName) -> None:
    """Rename a portfolio."""
    doing.unit.change(_own(doing.unit, portfolio), {"name": said.name})


@FILLED.does
def fill(doing: Doing, portfolio: str, said: Watching) -> None:
    """Put a firm or a territory in a portfolio; what is there already stays alone."""
    number, key = _watched(said)
    row = _own(doing.unit, portfolio)
    inside = held(doing.unit, [row.id]).get(row.id, [])
    if (number, key) not in {(member.siren, member.territory) for member in inside}:
        doing.unit.add(PortfolioMember(portfolio_id=row.id, siren=number, territory=key))


@EMPTIED.does
def empty(doing: Doing, portfolio: str, said: Unwatching) -> None:
    """Take a firm or a territory out of a portfolio."""
    row, gone = _own(doing.unit, portfolio), doing.unit.get(PortfolioMember, said.member)
    if gone.portfolio_id != row.id:
        raise NotFound(ABSENT)
    doing.unit.withdraw(gone)


@WITHDRAWN.does
def withdraw(doing: Doing, portfolio: str, _: Nothing) -> None:
    """Take a portfolio away; the dossiers on its firms stay."""
    row = _own(doing.unit, portfolio)
    doing.unit.withdraw(row)
    doing.unit.erase(row)


def held(reader: Reader, portfolios: Sequence[str]) -> Mapping[str, list[PortfolioMember]]:
    """Return what portfolios hold, by portfolio, the first put in first."""
    found: dict[str, list[PortfolioMember]] = defaultdict(list)
    if portfolios:
        live = (PortfolioMember.portfolio_id.in_(portfolios), PortfolioMember.deleted_at.is_(None))
        order = (PortfolioMember.created_at, PortfolioMember.id)
        for member in reader.all(select(PortfolioMember).where(*live).order_by(*order)):
            found[member.portfolio_id].append(member)
    return found


def own(reader: Reader) -> Sequence[Portfolio]:
    """Return the portfolios of the asker, the first made first."""
    mine = (Portfolio.owner_id == reader.scope.person, Portfolio.deleted_at.is_(None))
    return reader.all(select(Portfolio).where(*mine).order_by(Portfolio.created_at, Portfolio.id))


def _own(unit: Unit, portfolio: str) -> Portfolio:
    row = unit.get(Portfolio, portfolio)
    if not _is_own(unit.scope, row):
        raise NotFound(ABSENT)
    return row


def _is_own(scope: Scope, row: Portfolio) -> bool:
    return scope.may(Thing.DOSSIERS, Right.WRITE) and row.owner_id == scope.person


def _watched(said: Watching) -> tuple[str, str]:
    """Return the number or the key to watch: one of the two."""
    siren, territory = said.siren, said.territory
    if bool(siren.strip()) == bool(territory.strip()):
        raise FieldFault("siren", "Donnez une entreprise (son SIREN), ou un territoire.")
    if territory.strip():
        key = known_territory(territory)
        if not key:
            raise FieldFault(
                "territory",
                "Aucun territoire ne porte ce nom ou ce code : écrivez le nom d’une commune, ou un code.",
            )
        return "", key
    digits = (compact_identifier(siren) or "")[:9]
    if not is_siren(digits):
        raise FieldFault(
            "siren",
            "Ce numéro n’est ni un SIREN (9 chiffres) ni un SIRET (14) : il se lit sur la fiche de l’entreprise.",
        )
    return digits, ""


def _lines(
    reader: Reader, rows: Sequence[Portfolio], members: Mapping[str, Sequence[PortfolioMember]]
) -> tuple[PortfolioLine, ...]:
    owners = names(reader, [row.owner_id for row in rows])
    return tuple(
        PortfolioLine(
            id=row.id,
            name=row.name,
            owner=row.owner_id,
            owner_name=owners.get(row.owner_id, ""),
            firms=sum(bool(member.siren) for member in members.get(row.id, ())),
            territories=sum(bool(member.territory) for member in members.get(row.id, ())),
        )
        for row in rows
    )


def _member_lines(reader: Reader, members: Sequence[PortfolioMember]) -> tuple[PortfolioMemberLine, ...]:
    sirens = [member.siren for member in members if member.siren]
    followed: dict[str, list[str]] = defaultdict(list)
    if sirens:
        live = (Dossier.siren.in_(sirens), Dossier.deleted_at.is_(None))
        for row in reader.all(select(Dossier).where(*live).order_by(Dossier.created_at, Dossier.id)):
            followed[row.siren].append(row.id)
    return tuple(
        PortfolioMemberLine(
            id=member.id,
            siren=member.siren,
            territory=member.territory,
            territory_name=territory_name(member.territory) if member.territory else "",
            since=member.created_at,
            dossiers=tuple(followed.get(member.siren, ())),
        )
        for member in sorted(members, key=lambda member: bool(member.territory))
    )
