"""The plain model of introductions that the state machine is held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tests.journal.cast import MORNING


@dataclass
class Paper:
    """A link received in a letter: what it is for, when it ends; `dead` once used or replaced."""

    introduction: str
    side: int
    token: str
    purpose: str
    until: datetime
    dead: bool = False


@dataclass
class Expected:
    """What a plain reader of the rules would say of one introduction."""

    firms: tuple[str, str]
    asked: bool
    dossiers: tuple[str, str]
    state: str = "proposed"
    consents: list[str] = field(default_factory=lambda: ["waiting", "waiting"])
    said_at: list[datetime] = field(default_factory=lambda: [MORNING, MORNING])
    rated: list[int | None] = field(default_factory=lambda: [None, None])

    def waits_for(self, side: int) -> bool:
        return self.state == "proposed" and self.consents[side] == "waiting"
