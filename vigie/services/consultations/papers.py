"""What unknown people say, and how it is forgotten: papers, keys and codes, of consultations and of workshops alike.

A participant is a secret that their own device keeps; a paper holds its hash under the key of what is answered, which
is emptied when that closes. `gathering` is the consultation or the workshop.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.errors import Conflict, FieldFault
from vigie.services.accounts.rate_limits import Limit
from vigie.store.journal.base import new_id
from vigie.store.journal.consultations import BallotKey, BallotOrigin, BallotPaper, HallCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.store.journal.port import Reader, Unit

HALL_TRIES = Limit("hall-code", 30, timedelta(hours=1))
"""A code is eight letters: a room mistypes it thirty times an hour at most, and nobody finds one by trying."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
"""Letters of a hall's code: those that are read out without being taken for another."""
_LONGEST_SECRET = 64
_CLOSED = "C’est clos : aucune réponse n’est plus prise."


def new_key() -> str:
    """Return the key of a consultation or a workshop: 256 bits."""
    return secrets.token_hex(32)


def keyed(reader: Reader, gathering: str, what: str, text: str) -> str:
    """Return the hash of a text under the key of what is answered."""
    return _hashed(_key(reader, gathering), what, text)


def participant(reader: Reader, gathering: str, secret: str) -> str:
    """Return the hash of a participant's secret; empty without secret, or once the key is emptied."""
    return _voter(_key(reader, gathering), secret) if secret else ""


def paper_of(reader: Reader, gathering: str, secret: str) -> BallotPaper | None:
    """Return what a participant said; `None` for a secret that is nobody's here."""
    voter = participant(reader, gathering, secret)
    if not voter:
        return None
    return reader.one(select(BallotPaper).where(BallotPaper.consultation_id == gathering, BallotPaper.voter == voter))


def papers_of(reader: Reader, gathering: str) -> Sequence[BallotPaper]:
    """Return the papers of everybody, in the order of random keys."""
    return reader.all(select(BallotPaper).where(BallotPaper.consultation_id == gathering).order_by(BallotPaper.id))


def locked_paper(unit: Unit, gathering: str, secret: str) -> BallotPaper:
    """Return the paper of a participant, made when it is their first answer, locked until it is written.

    Raises `Conflict` once it is closed.
    """
    voter, found = _locked(unit, gathering, secret)
    if not voter:
        raise Conflict(_CLOSED)
    return found or unit.add(
        BallotPaper(id=new_id(), consultation_id=gathering, voter=voter, votes={}, counted={}, groups={})
    )


def known_paper(unit: Unit, gathering: str, secret: str) -> BallotPaper | None:
    """Return the paper of a participant, locked until it is written; `None` for a secret that is nobody's here.

    Raises `Conflict` once it is closed.
    """
    return _locked(unit, gathering, secret)[1]


def _locked(unit: Unit, gathering: str, secret: str) -> tuple[str, BallotPaper | None]:
    """Return the hash of a participant, and their paper if there is one.

    The key is held with it, shared with the others who answer: closing waits for them, and nobody writes after it.
    """
    held = select(BallotKey.key).where(BallotKey.consultation_id == gathering)
    if not (key := unit.one(held.with_for_update(read=True))):
        raise Conflict(_CLOSED)
    if not (voter := _voter(bytes.fromhex(key), secret)):
        return "", None
    mine = select(BallotPaper).where(BallotPaper.consultation_id == gathering, BallotPaper.voter == voter)
    return voter, unit.one(mine.with_for_update())


def new_hall(unit: Unit, gathering: str, until: datetime, people: int) -> None:
    """Open a code with as many places as people are awaited."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(8))
    unit.add(HallCode(id=new_id(), consultation_id=gathering, code=code, expires_at=until, left=people))


def use_hall(unit: Unit, gathering: str, code: str) -> None:
    """Use a place of a code; raises `FieldFault` for one that is not open, or is full."""
    open_ = select(HallCode).where(
        HallCode.consultation_id == gathering, HallCode.expires_at > unit.now, HallCode.left > 0
    )
    typed = code.strip().casefold().replace("-", "").replace(" ", "")
    found = next(
        (row for row in unit.all(open_.with_for_update()) if hmac.compare_digest(row.code.encode(), typed.encode())),
        None,
    )
    if found is None:
        raise FieldFault("hall", "Ce code de salle n’est pas ouvert, ou toutes ses places sont prises.")
    found.left -= 1


def shut(unit: Unit, gathering: str) -> None:
    """Wait for the answers under way, and let no other one in: what is counted next is all that there is."""
    unit.one(select(BallotKey.id).where(BallotKey.consultation_id == gathering).with_for_update())


def forget(unit: Unit, gathering: str) -> None:
    """Empty the key, the papers, the places and the codes: nothing is left of who said what.

    Rows stay: how many there were was published, and journals remove no row.
    """
    for key in unit.all(select(BallotKey).where(BallotKey.consultation_id == gathering)):
        key.key = ""
    for paper in papers_of(unit, gathering):
        paper.voter, paper.votes, paper.counted, paper.groups = secrets.token_hex(32), {}, {}, {}
    for place in unit.all(select(BallotOrigin).where(BallotOrigin.consultation_id == gathering)):
        place.bucket, place.newcomers = "", 0
    for hall in unit.all(select(HallCode).where(HallCode.consultation_id == gathering)):
        hall.code, hall.left = "", 0


def _voter(key: bytes, secret: str) -> str:
    return _hashed(key, "voter", secret) if key and secret and len(secret) <= _LONGEST_SECRET else ""


def _hashed(key: bytes, what: str, text: str) -> str:
    return hmac.new(key, f"{what}:{text}".encode(), hashlib.sha256).hexdigest()


def _key(reader: Reader, gathering: str) -> bytes:
    row = reader.one(select(BallotKey).where(BallotKey.consultation_id == gathering))
    return bytes.fromhex(row.key) if row is not None else b""
