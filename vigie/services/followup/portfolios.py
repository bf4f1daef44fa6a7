"""Portfolios: firms and territories that an officer watches together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.actors import compact_identifier, is_siren
from vigie.errors import FieldFault, NotFound
from vigie.services.communes import known_territory, territory_name
from vigie.services.followup.answers import PortfolioLine, PortfolioMemberLine, PortfolioRecord
from vigie.services.followup.entries import portfolio_name
from vigie.services.followup.reading import names
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import Dossier, Portfolio, PortfolioMember
from vigie.store.journal.unit import AlreadyDone
from vigie.store.journal.versions import version_of

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.store.journal.port import Journal, Reader, Unit

FIRST_NAME = "Mon portefeuille"


class Portfolios:
    """The portfolios of an organisation: its followers read them all, each changes their own."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def all(self, scope: Scope) -> tuple[PortfolioLine, ...]:
        """Return the portfolios, one's own first, then by name."""
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            rows = reader.all(select(Portfolio).where(Portfolio.deleted_at.is_(None)))
            lines = _lines(reader, rows, held(reader, [row.id for row in rows]))
        return tuple(sorted(lines, key=lambda line: (line.owner != scope.person, line.name, line.id)))

    def read(self, scope: Scope, portfolio: str) -> PortfolioRecord:
        """Return a portfolio and what it holds, firms first."""
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            row = reader.get(Portfolio, portfolio)
            members = held(reader, [row.id])
            inside = members.get(row.id, [])
            return PortfolioRecord(
                line=_lines(reader, [row], members)[0],
                members=_member_lines(reader, inside),
                may_write=_is_own(scope, row),
                version=version_of(row),
            )

    def make(self, scope: Scope, name: str) -> PortfolioRecord:
        """Make a portfolio of one's own; raises `FieldFault` when the name cannot be kept."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        made = Portfolio(id=new_id(), name=portfolio_name(name), owner_id=scope.person)
        try:
            with self._journal.writing(scope) as unit:
                unit.act("portfolio.made", made.id)
                unit.add(made)
        except AlreadyDone as done:
            return self.read(scope, done.subject)
        return self.read(scope, made.id)

    def rename(self, scope: Scope, portfolio: str, name: str) -> PortfolioRecord:
        """Rename a portfolio; raises `FieldFault` when the name cannot be kept."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        kept = portfolio_name(name)

        def work(unit: Unit, row: Portfolio) -> None:
            unit.change(row, {"name": kept})

        return self._change(scope, "portfolio.renamed", portfolio, work)

    def withdraw(self, scope: Scope, portfolio: str) -> None:
        """Take a portfolio away; the dossiers on its firms stay."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        try:
            with self._journal.writing(scope) as unit:
                unit.act("portfolio.withdrawn", portfolio)
                row = _own(unit, portfolio)
                unit.withdraw(row)
                unit.erase(row)
        except AlreadyDone:
            return

    def add(self, scope: Scope, portfolio: str, *, siren: str = "", territory: str = "") -> PortfolioRecord:
        """Put a firm or a territory in a portfolio; what is there already stays alone.

        Without a portfolio it goes to one's first one, made if there is none. Raises `FieldFault` for a number or a
        territory that is not one.
        """
        scope.require(Thing.DOSSIERS, Right.WRITE)
        number, key = _watched(siren, territory)
        with self._journal.reading(scope) as reader:
            target = portfolio or _first(reader)
        # Made apart from what the request asks for, whose key stands for the act below.
        chosen = target or self.make(replace(scope, request_key=""), FIRST_NAME).line.id

        def work(unit: Unit, row: Portfolio) -> None:
            inside = held(unit, [row.id]).get(row.id, [])
            if (number, key) not in {(member.siren, member.territory) for member in inside}:
                unit.add(PortfolioMember(portfolio_id=row.id, siren=number, territory=key))

        return self._change(scope, "portfolio.filled", chosen, work)

    def remove(self, scope: Scope, portfolio: str, member: str) -> PortfolioRecord:
        """Take a firm or a territory out of a portfolio."""

        def work(unit: Unit, row: Portfolio) -> None:
            gone = unit.get(PortfolioMember, member)
            if gone.portfolio_id != row.id:
                raise NotFound(ABSENT)
            unit.withdraw(gone)

        return self._change(scope, "portfolio.emptied", portfolio, work)

    def _change(
        self, scope: Scope, kind: str, portfolio: str, work: Callable[[Unit, Portfolio], None]
    ) -> PortfolioRecord:
        scope.require(Thing.DOSSIERS, Right.WRITE)
        try:
            with self._journal.writing(scope) as unit:
                unit.act(kind, portfolio)
                work(unit, _own(unit, portfolio))
        except AlreadyDone:
            pass
        return self.read(scope, portfolio)


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


def _first(reader: Reader) -> str:
    return next((row.id for row in own(reader)), "")


def _own(unit: Unit, portfolio: str) -> Portfolio:
    row = unit.get(Portfolio, portfolio)
    if not _is_own(unit.scope, row):
        raise NotFound(ABSENT)
    return row


def _is_own(scope: Scope, row: Portfolio) -> bool:
    return scope.may(Thing.DOSSIERS, Right.WRITE) and row.owner_id == scope.person


def _watched(siren: str, territory: str) -> tuple[str, str]:
    """Return the number or the key to watch: one of the two."""
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
