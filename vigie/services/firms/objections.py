"""Objections: a firm refuses to be shown, at once and everywhere; who asks without an account proves an e-mail address.

The journal keeps a keyed fingerprint of the SIREN, whatever data are loaded: a new load changes nothing to it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from vigie.domain.access import ABSENT, ANYONE, Right, Role, Scope, Thing
from vigie.domain.actors import compact_identifier
from vigie.domain.attestation import WAITING, HeadAct
from vigie.domain.declarations import OFFICERS
from vigie.errors import Conflict, NotFound, RequestFault
from vigie.services.accounts.rate_limits import LETTERS_BY_ADDRESS, LETTERS_BY_ORIGIN, Limit, RateLimiter, origin_of
from vigie.services.accounts.speaking import host_of, may_for
from vigie.services.firms.objection_letters import LINK_DAYS, OBJECTING, TAKING_BACK, objecting, taking_back
from vigie.services.mail.addresses import writable_address
from vigie.store.journal.base import new_id
from vigie.store.journal.firms import Objection
from vigie.store.journal.introductions import ConsentKey
from vigie.store.journal.people import Organisation
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vigie.services.firms.suppression_list import SuppressionList
    from vigie.services.keys import Keys
    from vigie.services.mail.mail import Mail
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal, Reader, Unit

PURPOSE, LIFTING = "objection", "lifting"
PURPOSES = (PURPOSE, LIFTING)
HEAD, EMAIL = "head", "email"
HOST = "hebergeur"
LETTERS_BY_FIRM = Limit("objection-firm", 5, timedelta(days=1))
"""Several people of a firm may ask the same day; none can make Vigie write to it without end."""
_DEAD_LINK = "Ce lien n’est plus valable : il a déjà servi, ou il date de plus d’une semaine. Refaites la demande."
_NOT_YOURS = (
    "Cette opposition n’est pas la vôtre : elle se lève par l’adresse électronique qui l’a faite, par le dirigeant qui "
    "l’a déposée ou, après vérification, par l’hébergeur."
)


@dataclass(frozen=True, slots=True)
class ObjectionState:
    """Where a firm stands, for who asks: `may_object` at once, `may_withdraw` what they made themselves.

    `name` is only that of a firm shown.
    """

    siren: str
    name: str | None
    objected: bool
    may_object: bool
    may_withdraw: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the standing as the machine-readable answers print it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Review:
    """An objection as an officer reviews it; the number is found again in memory, `None` when it is not loaded."""

    id: str
    siren: str | None
    name: str | None
    proof: str
    confirmed_at: datetime
    reviewed_at: datetime | None
    reported: bool = False
    may_end: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the objection as the machine-readable answers print it."""
        return asdict(self) | {
            "confirmed_at": self.confirmed_at.isoformat(),
            "reviewed_at": self.reviewed_at.isoformat() if self.reviewed_at else None,
        }


class Objecting:
    """Makes, confirms, reviews and withdraws objections."""

    def __init__(
        self,
        journal: Journal,
        keys: Keys,
        mail: Mail,
        firms: tuple[FirmRegister, SuppressionList],
        once_made: Callable[[], None] = lambda: None,
    ) -> None:
        """Build the use case; `once_made` is called after each objection, for what must stop at once."""
        self._journal, self._keys, self._mail = journal, keys, mail
        self._register, self._suppressions = firms
        self._once_made = once_made
        self._guarding = RateLimiter(journal, keys)

    def standing(self, scope: Scope, number: str) -> ObjectionState:
        """Return where a firm stands; raises `RequestFault` when the number is neither a SIREN nor a SIRET."""
        siren = _siren(number)
        objected, own = self._suppressions.holds(siren), _speaks_for(scope, siren)
        firm = None if objected and not own else self._register.firm(siren)
        may_object = mine = False
        if own:
            with self._journal.reading(scope) as reader:
                mine = objected and bool(reader.count(_own(scope, self._keys.fingerprint("siren", siren))))
                may_object = not mine and may_for(reader, siren, HeadAct.OBJECT)
        return ObjectionState(siren, firm.name if firm else None, objected, may_object, mine)

    def object(self, scope: Scope, number: str) -> ObjectionState:
        """Object at once, as the firm's attested head; objecting twice is objecting once.

        Raises `NotFound` for others, `Conflict` for a head whom nobody vouches for: they object by e-mail, as anybody.
        """
        siren = _siren(number)
        _require_head(scope, siren)
        fingerprint = self._suppressions.learn(siren)
        try:
            with self._journal.writing(scope) as unit:
                if not may_for(unit, siren, HeadAct.OBJECT):
                    raise Conflict(f"{WAITING} Pour vous opposer dès maintenant, demandez un lien par courriel.")
                if not unit.count(_own(scope, fingerprint)):
                    made = self._made(unit, fingerprint, HEAD, scope.organisation)
                    made.confirmed_at, made.person_id = unit.now, scope.person
        except AlreadyDone:
            pass
        self._once_made()
        return self.standing(scope, siren)

    def ask(self, scope: Scope, number: str, email: str, origin: str = "") -> None:
        """Send a link to an e-mail address, whose button makes the objection.

        Raises `FieldFault` when the address is not one, `TooManyAttempts` when too many letters were asked for.
        """
        siren, address = _siren(number), writable_address(email, "email")
        self._guarding.enter(
            (LETTERS_BY_ADDRESS, self._keys.email(address)),
            (LETTERS_BY_ORIGIN, origin_of(origin)),
            (LETTERS_BY_FIRM, siren),
        )
        fingerprint = self._suppressions.learn(siren)
        reviewer, token = self._reviewer(siren), self._keys.new_token()
        asked = Scope(organisation=reviewer, via="anonymous", request_key=scope.request_key)
        try:
            with self._journal.writing(asked) as unit:
                made = self._made(unit, fingerprint, EMAIL, reviewer)
                made.maker_key = self._keys.email(address)
                unit.add(_key(unit, self._keys.hash_token(token), made.id, PURPOSE))
                link = self._mail.link(f"/lien/opposition/{token}")
                self._mail.post(unit, recipient=address, subject=OBJECTING, body=objecting(link), about=made.id)
        except AlreadyDone:
            return

    def ask_lifting(self, scope: Scope, number: str, email: str, origin: str = "") -> None:
        """Send, to the address that made an objection by e-mail, a link whose button takes it back.

        Whether an objection was made with the address is not told. Raises as `ask`.
        """
        siren, address = _siren(number), writable_address(email, "email")
        key, fingerprint = self._keys.email(address), self._suppressions.learn(siren)
        self._guarding.enter(
            (LETTERS_BY_ADDRESS, key), (LETTERS_BY_ORIGIN, origin_of(origin)), (LETTERS_BY_FIRM, siren)
        )
        with self._journal.reading(ANYONE) as reader:
            made = reader.all(_in_force(fingerprint).where(Objection.maker_key == key))
            host = host_of(reader)
        if not made:
            return
        # The link is the host's letter: nobody of the organisation that reviews may use it.
        asked, token = Scope(organisation=host, via="anonymous", request_key=scope.request_key), self._keys.new_token()
        try:
            with self._journal.writing(asked) as unit:
                unit.act("objection.lifting_asked", made[0].id)
                unit.add(_key(unit, self._keys.hash_token(token), made[0].id, LIFTING))
                link = self._mail.link(f"/lien/opposition/{token}")
                self._mail.post(unit, recipient=address, subject=TAKING_BACK, body=taking_back(link), about=made[0].id)
        except AlreadyDone:
            return

    def peek(self, token: str) -> str:
        """Return what a link is for, without using it; raises `NotFound` when it does not stand any more."""
        hashed = self._keys.hash_token(token)
        with self._journal.reading(Scope(key=hashed)) as reader:
            return _waiting(reader, hashed).purpose

    def confirm(self, token: str) -> str:
        """Make the objection that a link asks for, or take it back: it acts at once. Return which of the two.

        Raises `NotFound` for a dead link.
        """
        hashed = self._keys.hash_token(token)
        with self._journal.writing(Scope(key=hashed, via="consent")) as unit:
            key = _waiting(unit, hashed)
            unit.moving(Scope(organisation=key.organisation_id, key=hashed, via="consent"))
            made, purpose = unit.get(Objection, key.subject_id), key.purpose
            unit.act("objection.confirmed" if purpose == PURPOSE else "objection.withdrawn", made.id)
            key.used_at = unit.now
            if purpose == PURPOSE:
                made.confirmed_at = unit.now
            else:
                for held in unit.all(_in_force(made.fingerprint).where(Objection.maker_key == made.maker_key)):
                    _end(unit, held)
        if purpose == PURPOSE:
            self._once_made()
        return purpose

    def withdraw_own(self, scope: Scope, number: str) -> ObjectionState:
        """Withdraw the objection that the asker made as the firm's head; the firm is shown again when no other stands.

        Raises `NotFound` for others, `Conflict` when every objection in force is somebody else's.
        """
        siren = _siren(number)
        _require_head(scope, siren)
        fingerprint = self._keys.fingerprint("siren", siren)
        try:
            with self._journal.writing(scope) as unit:
                mine = unit.all(_own(scope, fingerprint))
                if not mine and unit.count(_in_force(fingerprint)):
                    raise Conflict(_NOT_YOURS)
                for held in mine:
                    unit.act("objection.withdrawn", held.id)
                    _end(unit, held)
        except AlreadyDone:
            pass
        return self.standing(scope, siren)

    def to_review(self, scope: Scope) -> tuple[Review, ...]:
        """Return the objections in force that the asker's organisation reviews, those not looked at yet first.

        The host reviews them all, and only it ends one. Raises `NotFound` for whoever is neither an officer nor an
        admin there, nor the host.
        """
        _require_reviewer(scope)
        with self._journal.reading(scope) as reader:
            held = reader.all(_reviewed_by(scope).order_by(Objection.reviewed_at.is_not(None), Objection.at.desc()))
        return self._told(held, ends=scope.may(Thing.INSTALLATION, Right.WRITE))

    def approve(self, scope: Scope, identifier: str) -> None:
        """Confirm that an objection is founded; it already acts."""
        _require_reviewer(scope)
        try:
            with self._journal.writing(scope) as unit:
                held = _to_decide(unit, scope, identifier)
                unit.act("objection.reviewed", held.id)
                held.reviewed_at = unit.now
        except AlreadyDone:
            return

    def reject(self, scope: Scope, identifier: str) -> None:
        """End an objection that is abusive, as the host; an officer reports it to the host, and it stays in force.

        Raises `Conflict` for an officer about an objection of the firm's attested head.
        """
        _require_reviewer(scope)
        ends = scope.may(Thing.INSTALLATION, Right.WRITE)
        try:
            with self._journal.writing(scope) as unit:
                held = _to_decide(unit, scope, identifier)
                if held.proof == HEAD and not ends:
                    raise Conflict("Cette demande vient du dirigeant lui-même : lui ou l’hébergeur la retire.")
                unit.act("objection.rejected" if ends else "objection.reported", held.id)
                held.reviewed_at, held.abusive = unit.now, True
                if ends:
                    _end(unit, held)
        except AlreadyDone:
            return

    @staticmethod
    def _made(unit: Unit, fingerprint: str, proof: str, organisation: str) -> Objection:
        made = Objection(id=new_id(), organisation_id=organisation, fingerprint=fingerprint, proof=proof, at=unit.now)
        unit.act("objection.made" if proof == HEAD else "objection.asked", made.id)
        return unit.add(made)

    def _reviewer(self, siren: str) -> str:
        """Return the organisation that reviews: one whose territory holds the firm, else the host, else nobody."""
        firm = self._register.firm(siren)
        with self._journal.reading(ANYONE) as reader:
            every = reader.all(
                select(Organisation).where(Organisation.deleted_at.is_(None)).order_by(Organisation.created_at)
            )
        if firm is not None:
            for one in every:
                if one.territory and one.kind != HOST and self._register.covers(one.territory, firm.communes):
                    return one.id
        return next((one.id for one in every if one.kind == HOST), "")

    def _told(self, held: Sequence[Objection], *, ends: bool) -> tuple[Review, ...]:
        if held:
            self._register.find_objecting()
        reviews = []
        for one in held:
            siren = self._suppressions.known(one.fingerprint)
            firm = self._register.firm(siren) if siren else None
            at = one.confirmed_at or one.at
            name = firm.name if firm else None
            reviews.append(Review(one.id, siren, name, one.proof, at, one.reviewed_at, one.abusive, ends))
        return tuple(reviews)


def _key(unit: Unit, hashed: str, subject: str, purpose: str) -> ConsentKey:
    return ConsentKey(
        key_hash=hashed, subject_id=subject, purpose=purpose, created_at=unit.now,
        expires_at=unit.now + timedelta(days=LINK_DAYS),
    )  # fmt: skip


def _siren(number: str) -> str:
    digits = compact_identifier(number)
    if digits is None:
        raise RequestFault(f"«\u00a0{number[:40]}\u00a0» n’est ni un SIREN (9 chiffres) ni un SIRET (14 chiffres).")
    return digits[:9]


def _speaks_for(scope: Scope, siren: str) -> bool:
    return scope.role is Role.HEAD and scope.siren == siren and scope.may(Thing.DECLARATIONS, Right.WRITE_OWN)


def _require_head(scope: Scope, siren: str) -> None:
    if not _speaks_for(scope, siren):
        raise NotFound(ABSENT)


def _require_reviewer(scope: Scope) -> None:
    officer = scope.role in OFFICERS and scope.may(Thing.DECLARATIONS, Right.WRITE)
    if not officer and not scope.may(Thing.INSTALLATION, Right.WRITE):
        raise NotFound(ABSENT)


def _in_force(fingerprint: str) -> Select[Objection]:
    return select(Objection).where(
        Objection.fingerprint == fingerprint, Objection.confirmed_at.is_not(None), Objection.withdrawn_at.is_(None)
    )


def _own(scope: Scope, fingerprint: str) -> Select[Objection]:
    """Objections in force that the asker made as a head, in the organisation they act in."""
    return _in_force(fingerprint).where(
        Objection.proof == HEAD, Objection.person_id == scope.person, Objection.organisation_id == scope.organisation
    )


def _end(unit: Unit, held: Objection) -> None:
    """End an objection, and forget who made it by e-mail."""
    held.withdrawn_at, held.maker_key = unit.now, None


def _reviewed_by(scope: Scope) -> Select[Objection]:
    """The host reviews every objection, an organisation those of its territory."""
    every = select(Objection).where(Objection.confirmed_at.is_not(None), Objection.withdrawn_at.is_(None))
    if scope.may(Thing.INSTALLATION, Right.WRITE):
        return every
    return every.where(Objection.organisation_id == scope.organisation)


def _to_decide(unit: Unit, scope: Scope, identifier: str) -> Objection:
    held = unit.one(_reviewed_by(scope).where(Objection.id == identifier))
    if held is None:
        raise NotFound("Cette demande n’existe pas, n’est plus en vigueur, ou n’est pas relue ici.")
    return held


def _waiting(reader: Reader, hashed: str) -> ConsentKey:
    """Return the key of a link that was not used yet; raises `NotFound`."""
    key = reader.one(select(ConsentKey).where(ConsentKey.key_hash == hashed, ConsentKey.purpose.in_(PURPOSES)))
    if key is None or key.used_at is not None or key.expires_at <= reader.now:
        raise NotFound(_DEAD_LINK)
    return key
