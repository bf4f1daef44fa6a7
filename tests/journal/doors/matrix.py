"""What each part of the cast may expect of each route, from the isolation matrix: a route that is not here is a fault.

Each rule names the thing that a route touches and the rights that open it; `row` says which prepared row its address
names, and then only the organisation of that row may see it. Nothing here is written route by route and part by part:
the outcome follows from `vigie.domain.access.MATRIX`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from tests.journal.cast import HERE, Cast
from tests.journal.doors.rows import OWN
from vigie.domain.access import Right, Role, Scope, Thing


class Door(Enum):
    """Who a route lets in."""

    ANYBODY = auto()
    SIGNED_IN = auto()
    SESSION = auto()
    RIGHTS = auto()
    BEARER = auto()


@dataclass(frozen=True)
class Rule:
    """Who a route lets in, and what it needs to be called.

    `values` gives what the parameters of the address hold: a text, or a prepared row (`@dossier`); `body` completes
    what is sent, in the same way, and `query` is what the address ends with. `spared` tells why who is let in is not
    let through here; `own` narrows `OWN` for this route, `only` narrows it to some parts, and `also` adds a
    part whose right is of another thing. A route of `here_only` names a row of the first organisation:
    elsewhere it does not exist.
    """

    door: Door
    thing: Thing | None = None
    rights: tuple[Right, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] = field(default_factory=dict)
    query: str = ""
    spared: str = ""
    own: frozenset[str] | None = None
    also: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    here_only: bool = False

    def lets_in(self, part: str, scope: Scope) -> bool:
        """Tell whether a part is let in."""
        if self.door is not Door.RIGHTS:
            passing = {Door.SIGNED_IN: bool(scope.person), Door.SESSION: scope.via == "session"}
            return passing.get(self.door, True)
        assert self.thing is not None
        if part in self.also:
            return True
        if self.only is not None and part not in self.only:
            return False
        held = scope.rights(self.thing) & set(self.rights)
        if not held or (self.here_only and scope.organisation != HERE):
            return False
        if held & _WHOLE or (self.own is None and not self.here_only):
            return True
        return part in (OWN.get(self.thing, frozenset()) if self.own is None else self.own)


_WHOLE = {Right.READ, Right.WRITE, Right.MODERATE, Right.AGGREGATE}


def anybody(**more: object) -> Rule:
    """Let everybody in."""
    return Rule(Door.ANYBODY, **more)  # type: ignore[arg-type]


def bearer(**more: object) -> Rule:
    """Let in whoever presents the secret of the address; an unknown one is answered as not found."""
    return Rule(Door.BEARER, **more)  # type: ignore[arg-type]


def signed_in(**more: object) -> Rule:
    """Let in who has an account, programs included."""
    return Rule(Door.SIGNED_IN, **more)  # type: ignore[arg-type]


def session(**more: object) -> Rule:
    """Let in who signed in by themselves: a program's token does not."""
    return Rule(Door.SESSION, **more)  # type: ignore[arg-type]


def may(thing: Thing, *rights: Right, **more: object) -> Rule:
    """Let in who holds one of these rights, in their own organisation."""
    return Rule(Door.RIGHTS, thing, rights, **more)  # type: ignore[arg-type]


def row(thing: Thing, *rights: Right, **more: object) -> Rule:
    """Let in who holds one of these rights on a row of the first organisation."""
    return Rule(Door.RIGHTS, thing, rights, here_only=True, **more)  # type: ignore[arg-type]


def scopes_of(cast: Cast) -> dict[str, Scope]:
    """Return every part with its scope, the reading token of the officer included."""
    token = replace(cast.officer, role=Role.READING_TOKEN, via="token")
    return {"anyone": Scope(), **{part: cast.scopes[part] for part in cast.secrets}, "reading_token": token}
