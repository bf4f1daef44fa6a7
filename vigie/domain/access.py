"""Who asks, in what role, and what each role may do with each thing: the isolation matrix as data.

A role that lacks a right is answered as if the thing did not exist (`NotFound`), so that refusals teach nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from vigie.errors import NotFound

ABSENT = "Cette page n’existe pas, ou n’est pas ouverte à votre compte."
"""What every refusal says, word for word: another sentence would tell that the thing is there."""


class Role(StrEnum):
    """Roles a person can hold in an organisation, and the three ways of asking without a membership."""

    ANONYMOUS = "anonyme"
    INHABITANT = "habitant"
    HEAD = "dirigeant"
    OFFICER = "developpeur"
    ADMIN = "admin"
    ANALYST = "charge_etudes"
    ELECTED = "elu"
    PARTNER = "partenaire"
    SUPER_ADMIN = "super_admin"
    READING_TOKEN = "jeton_lecture"  # noqa: S105 - the name of a role


class Thing(StrEnum):
    """What people enter, by the rows of the isolation matrix."""

    PUBLIC_CALLS = "appels_publics"
    NETWORK_CALLS = "appels_reseau"
    DECLARATIONS = "declarations"
    STATED_NEEDS = "besoins_dits"
    CONSULTATIONS = "consultations"
    STATEMENTS = "propositions"
    VOTES = "votes"
    VISION = "projet"
    WORKSHOPS = "ateliers"
    DOSSIERS = "dossiers"
    NOTES = "notes"
    INTRODUCTIONS = "introductions"
    LEARNING = "apprentissage"
    MODERATION = "moderation"
    ACCOUNTS = "comptes"
    VISITS = "visites"
    TOKENS = "jetons"
    EXPORTS = "exports"
    AUDIT = "audit"
    OUTBOX = "courriels"
    BACKUP = "sauvegarde"
    INSTALLATION = "installation"


class Right(StrEnum):
    """What may be done: everything of the organisation, one's own, what was shared, or totals of three at least."""

    READ = "lire"
    WRITE = "ecrire"
    READ_OWN = "lire_le_sien"
    WRITE_OWN = "ecrire_le_sien"
    READ_SHARED = "lire_le_partage"
    AGGREGATE = "agreger"
    MODERATE = "moderer"


_R, _W, _RO, _WO, _RS, _A, _M = Right
_Cell = frozenset[Right]


def _cells(**cells: tuple[Right, ...]) -> dict[Role, _Cell]:
    return {Role[name]: frozenset(rights) for name, rights in cells.items()}


def _reading(**more: tuple[Right, ...]) -> dict[Role, _Cell]:
    base = {role.name: (_R,) for role in Role}
    return _cells(**(base | more))


MATRIX: dict[Thing, dict[Role, _Cell]] = {
    Thing.PUBLIC_CALLS: _reading(HEAD=(_R, _WO), OFFICER=(_R, _W), ADMIN=(_R, _W), INHABITANT=(_R, _WO)),
    Thing.NETWORK_CALLS: _cells(
        HEAD=(_R, _WO), OFFICER=(_R, _W), ADMIN=(_R, _W), ANALYST=(_A,), ELECTED=(_A,), PARTNER=(_RS,)
    ),
    Thing.DECLARATIONS: _cells(
        HEAD=(_RO, _WO), OFFICER=(_R, _W), ADMIN=(_R, _W), ANALYST=(_A,), ELECTED=(_A,), PARTNER=(_RS,)
    ),
    Thing.STATED_NEEDS: _cells(
        **{role.name: (_WO,) for role in Role} | {"OFFICER": (_R, _W, _WO), "ADMIN": (_R, _W, _WO)}
    ),
    Thing.CONSULTATIONS: _reading(OFFICER=(_R, _W), ADMIN=(_R, _W)),
    Thing.STATEMENTS: _reading(
        **{role.name: (_R, _WO) for role in Role} | {"OFFICER": (_R, _W, _WO), "ADMIN": (_R, _W, _WO, _M)}
    ),
    Thing.VISION: _reading(OFFICER=(_R, _W), ADMIN=(_R, _W)),
    Thing.WORKSHOPS: _reading(OFFICER=(_R, _W), ADMIN=(_R, _W)),
    Thing.VOTES: _cells(**{role.name: (_WO,) for role in Role}),
    Thing.DOSSIERS: _cells(HEAD=(_RO,), OFFICER=(_R, _W), ADMIN=(_R, _W), PARTNER=(_RS,)),
    Thing.NOTES: _cells(OFFICER=(_R, _WO), ADMIN=(_R,)),
    Thing.VISITS: _cells(OFFICER=(_R,), ADMIN=(_R,), READING_TOKEN=(_R,)),
    Thing.INTRODUCTIONS: _cells(
        HEAD=(_RO, _WO),
        OFFICER=(_R, _W),
        ADMIN=(_R, _W),
        ANALYST=(_A,),
        ELECTED=(_A,),
        PARTNER=(_RO, _WO),
        READING_TOKEN=(_A,),
    ),
    Thing.LEARNING: _cells(OFFICER=(_R,), ADMIN=(_R, _W)),
    Thing.MODERATION: _reading(ADMIN=(_R, _M)),
    Thing.ACCOUNTS: _cells(ADMIN=(_R, _W), SUPER_ADMIN=(_R, _W)),
    Thing.TOKENS: _cells(OFFICER=(_RO, _WO), ADMIN=(_R, _W), ANALYST=(_RO, _WO)),
    Thing.EXPORTS: _cells(HEAD=(_RO,), OFFICER=(_R,), ADMIN=(_R,), ANALYST=(_A,), ELECTED=(_A,)),
    Thing.AUDIT: _cells(HEAD=(_RO,), ADMIN=(_R,), SUPER_ADMIN=(_R,)),
    Thing.OUTBOX: _cells(OFFICER=(_R, _W), ADMIN=(_R, _W)),
    Thing.BACKUP: _cells(ADMIN=(_W,), SUPER_ADMIN=(_W,)),
    Thing.INSTALLATION: _cells(SUPER_ADMIN=(_R, _W)),
}
"""Rights by thing and role; a role that a row does not name has none. An emergency access reads, no more, what
a super-admin reads and the three things it opens: dossiers, notes and introductions."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks: role, organisation acted in, person, and the firm a head speaks for; empty when there is none.

    `via` tells how they came: anonymous, session, token, consent (an e-mailed link), command (the host's command
    line) or emergency (a super-admin's bounded access). `key` is the hash of the secret presented: it lets the one
    row that carries it be read before anything else is known. `request_key` makes a write happen once, and
    `request_content` is the hash of what the request does: the key stands for that, and for nothing else.
    `seen` is the version of what is edited as the asker last read it, `exact` that another one is refused, not merged.
    `oversees` is for the host's look at every organisation (`overseeing`).
    """

    role: Role = Role.ANONYMOUS
    organisation: str = ""
    person: str = ""
    siren: str = ""
    via: str = "anonymous"
    key: str = ""
    request_key: str = ""
    request_content: str = ""
    seen: str = ""
    exact: bool = False
    oversees: bool = False

    @property
    def place(self) -> str:
        """The person, the organisation they act in and the firm they speak for; empty when it is nobody."""
        return ":".join((self.person, self.organisation, self.siren)) if self.person else ""

    def rights(self, thing: Thing) -> frozenset[Right]:
        """Return what this scope may do with a thing; an emergency access only reads, and a token never writes."""
        held = MATRIX[thing].get(self.role, frozenset())
        if self.via == "emergency":
            return frozenset({Right.READ}) if thing in _OPENED_BY_EMERGENCY or Right.READ in held else frozenset()
        return held - _WRITING if self.via == "token" else held

    def may(self, thing: Thing, *rights: Right) -> bool:
        """Tell whether one at least of the rights is held."""
        return not self.rights(thing).isdisjoint(rights)

    def require(self, thing: Thing, *rights: Right) -> frozenset[Right]:
        """Return the rights held; raises `NotFound` when none of those asked for is."""
        held = self.rights(thing)
        if held.isdisjoint(rights):
            raise NotFound(ABSENT)
        return held

    def overseeing(self) -> Scope:
        """Return the host, who sees of every organisation its sign-ins, emergency accesses and heads not yet attested.

        Raises `NotFound` for anybody else.
        """
        if self.role is not Role.SUPER_ADMIN or self.via == "emergency":
            raise NotFound(ABSENT)
        return replace(self, oversees=True)

    def within(self, organisation: str) -> Scope:
        """Return the same asker, acting in another organisation (the host's commands, an e-mailed link)."""
        return replace(self, organisation=organisation)


_OPENED_BY_EMERGENCY = frozenset({Thing.DOSSIERS, Thing.NOTES, Thing.INTRODUCTIONS})
_WRITING = frozenset({Right.WRITE, Right.WRITE_OWN, Right.MODERATE})
ANYONE = Scope()
