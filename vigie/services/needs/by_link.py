"""What who stated a need does from the link of their letters: confirm, follow, take it back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Right, Scope, Thing
from vigie.domain.addresses import address_key
from vigie.domain.firm_names import usual_case
from vigie.domain.followup import Direction, DossierKind, DossierState, ExchangeKind
from vigie.domain.french import short_date
from vigie.domain.needs import NeedState, Readers
from vigie.domain.working_days import working_day_after
from vigie.errors import Conflict, NotFound
from vigie.services.acts import Act, Doing, Nothing, needs, nothing
from vigie.services.capabilities import Capability
from vigie.services.communes import commune_name
from vigie.services.firms.relations import of_person
from vigie.services.followup.reading import same_firm
from vigie.services.introductions.links import EXPIRED, bearer, held, standing
from vigie.services.keys import Keys
from vigie.services.needs import letters
from vigie.services.needs.answers import FollowedNeed
from vigie.services.needs.chosen import adviser_asked, contact_of
from vigie.services.needs.stating import FOLLOWED_FOR, PURPOSE
from vigie.services.needs.steps import due_on, said_before, steps_of
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import Contact, Dossier, Exchange, Reminder
from vigie.store.journal.introductions import ConsentKey
from vigie.store.journal.needs import StatedNeed
from vigie.store.journal.people import Membership, Organisation, Person

if TYPE_CHECKING:
    from vigie.services.acts import ActRunner
    from vigie.services.firms.relations import LocalContact
    from vigie.store.journal.port import Journal, Reader, Unit

SOURCE = "besoin dit sur le site"
DESK_DAYS = 3
"""Working days that the officers give themselves where no delay is promised: what waits longer is forgotten."""
_DEAD = "Ce lien n’existe pas : vérifiez qu’il est complet, tel que dans le courriel."
_BEARER = needs(Thing.STATED_NEEDS, Right.WRITE_OWN)

CONFIRMED = Act(
    "need.confirmed",
    "besoin confirmé par son adresse",
    needs=_BEARER,
    summary="Confirmer un besoin",
    done="Votre besoin est transmis.",
    takes=Nothing,
    tells=nothing,
)
WITHDRAWN = Act(
    "need.withdrawn",
    "besoin retiré par qui l’a dit",
    needs=_BEARER,
    summary="Retirer un besoin",
    done="Votre besoin est retiré.",
    takes=Nothing,
    tells=nothing,
    erases=True,
)
CAPABILITY = Capability("Besoins dits sans compte", acts=(CONFIRMED, WITHDRAWN))


class NeedByLink:
    """Reads the page of a need, and does what its two buttons say."""

    def __init__(self, journal: Journal, acts: ActRunner) -> None:
        self._journal, self._acts = journal, acts

    def look(self, token: str) -> FollowedNeed:
        """Return a need as who stated it follows it; looking confirms nothing. Raises `NotFound` for a dead link."""
        with self._journal.reading(bearer(token)) as reader:
            key = _held(reader, token)
            return _followed(reader, reader.get(StatedNeed, key.subject_id), standing(key, reader))

    def confirm(self, token: str) -> FollowedNeed:
        """Hand a need over to who answers: it becomes a dossier and a reminder."""
        return self._do(token, CONFIRMED)

    def withdraw(self, token: str) -> FollowedNeed:
        """Take a need back: its words are erased at once."""
        return self._do(token, WITHDRAWN)

    def _do(self, token: str, act: Act[Nothing, None]) -> FollowedNeed:
        with self._journal.reading(bearer(token)) as reader:
            key = _held(reader, token)
            if standing(key, reader) == EXPIRED:
                raise Conflict("Ce lien n’est plus valable : dites votre besoin de nouveau.")
            organisation, need = key.organisation_id, key.subject_id
        self._acts.do(Scope(organisation=organisation, via="consent", key=Keys.hash_token(token)), act, need, Nothing())
        return self.look(token)


@CONFIRMED.does
def confirm(doing: Doing, need: str, _: Nothing) -> None:
    """Make of a need a dossier and a reminder of whoever answers there; two clicks make one."""
    unit = doing.unit
    row = _locked(unit, need)
    if row.state == NeedState.WITHDRAWN:
        raise Conflict("Ce besoin a été retiré : dites-le de nouveau si vous en avez encore besoin.")
    if row.state != NeedState.UNCONFIRMED:
        return
    organisation = unit.get(Organisation, unit.scope.organisation)
    contact = contact_of(unit, organisation.name, row)
    earlier = said_before(unit, row)
    row.state, row.confirmed_at, row.owner_id = NeedState.RECEIVED.value, unit.now, contact.person
    dossier = _dossier(doing, row, earlier[0].dossier_id if earlier else "")
    row.dossier_id = dossier.id
    _met(unit, row, dossier)
    due = working_day_after(unit.today, contact.days or DESK_DAYS)
    again = f" (déjà dit le {short_date(unit.day(earlier[0].created_at))})" if earlier else ""
    reminder = Reminder(
        id=new_id(),
        dossier_id=dossier.id,
        due_on=due,
        reason=f"répondre au besoin dit sur le site{_to_whom(unit, row)}{again}",
        owner_id=contact.person,
    )
    row.reminder_id = unit.add(reminder).id
    for key in unit.all(select(ConsentKey).where(ConsentKey.subject_id == row.id, ConsentKey.purpose == PURPOSE)):
        key.expires_at = unit.now + FOLLOWED_FOR
    _tell(doing, row, contact, due)


@WITHDRAWN.does
def withdraw(doing: Doing, need: str, _: Nothing) -> None:
    """Erase the words of a need and how to reach who stated it; the dossier tells that it was taken back."""
    unit = doing.unit
    row = _locked(unit, need)
    if row.state == NeedState.WITHDRAWN:
        return
    reminder = unit.find(Reminder, row.reminder_id) if row.reminder_id else None
    if reminder is not None and reminder.done_at is None:
        reminder.done_at, reminder.result = unit.now, "Besoin retiré par la personne."
    row.state = NeedState.WITHDRAWN.value
    unit.erase(row)


def _held(reader: Reader, token: str) -> ConsentKey:
    key = held(reader, token)
    if key.purpose != PURPOSE:
        raise NotFound(_DEAD)
    return key


def _locked(unit: Unit, need: str) -> StatedNeed:
    unit.one(select(StatedNeed.id).where(StatedNeed.id == need).with_for_update())
    return unit.get(StatedNeed, need)


def _dossier(doing: Doing, row: StatedNeed, earlier: str) -> Dossier:
    """Return the open dossier where a need goes on: that of the need before, of its firm, or a new one."""
    unit = doing.unit
    before = unit.find(Dossier, earlier) if earlier else None
    for one in (*([before] if before else []), *same_firm(unit, row.siren)):
        if one.state == DossierState.OPEN and one.deleted_at is None and one.erased_at is None:
            one.last_contact_on = unit.today
            return one
    known = doing.means.register.known(row.siren) if row.siren else None
    name = usual_case(known.name) if known and known.name and not known.masked else ""
    kind = DossierKind.FIRM if row.siren else DossierKind.HOLDER
    title = name or f"« {letters.shortened(row)} »"
    made = Dossier(
        id=new_id(),
        kind=kind.value,
        title=title,
        siren=row.siren,
        commune=row.commune,
        source=SOURCE,
        owner_id=row.owner_id,
        last_contact_on=unit.today,
    )
    return unit.add(made)


def _met(unit: Unit, row: StatedNeed, dossier: Dossier) -> None:
    """Note in the dossier who wrote, how to reach them, and what they said."""
    unit.flush()
    people = unit.all(select(Contact).where(Contact.dossier_id == dossier.id, Contact.deleted_at.is_(None)))
    address = address_key(row.email or "")
    person = next((one for one in people if one.email and address_key(one.email) == address), None)
    if person is None:
        person = unit.add(
            Contact(
                id=new_id(),
                dossier_id=dossier.id,
                name=row.name or row.email,
                email=row.email,
                phone=row.phone,
                source=SOURCE,
                informed_on=unit.today,
            )
        )
    person.last_contact_on = unit.today
    unit.add(
        Exchange(
            dossier_id=dossier.id,
            contact_id=person.id,
            kind=ExchangeKind.EMAIL.value,
            direction=Direction.RECEIVED.value,
            happened_on=unit.today,
            body=row.text,
        )
    )


def _tell(doing: Doing, row: StatedNeed, contact: LocalContact, due: date) -> None:
    """Write to who answers, to the administrators where it is the organisation's desk."""
    unit, outbox = doing.unit, doing.means.outbox
    link = outbox.link(f"/bureau/besoins/{row.id}")
    letter = letters.arrived(row, (commune_name(row.commune), _to_whom(unit, row)), due, link)
    adviser = adviser_asked(unit, row.adviser_id)
    asked = [adviser.email] if adviser and adviser.email else []
    for address in {address_key(one): one for one in (*_addresses(unit, contact.person), *asked)}.values():
        outbox.post(unit, recipient=address, subject=letter.subject, body=letter.body, about=row.id)


def _to_whom(reader: Reader, row: StatedNeed) -> str:
    """Return to which service a need was said, ready to follow a verb; empty for nobody in particular."""
    adviser = adviser_asked(reader, row.adviser_id)
    return f" à « {adviser.service} »" if adviser else ""


def _addresses(reader: Reader, person: str) -> list[str]:
    if person:
        found = reader.find(Person, person)
        return [found.email] if found and found.email else []
    live = (
        Membership.organisation_id == reader.scope.organisation,
        Membership.role == "admin",
        Membership.state == "active",
        Membership.deleted_at.is_(None),
    )
    joined = select(Person.email).join(Membership, Membership.person_id == Person.id).where(*live)
    return [address for address in reader.all(joined.order_by(Person.id)) if address]


def _followed(reader: Reader, row: StatedNeed, link: str) -> FollowedNeed:
    organisation = reader.get(Organisation, row.organisation_id)
    waiting = row.state == NeedState.UNCONFIRMED
    if waiting or row.adviser_id or not row.owner_id:
        contact = contact_of(reader, organisation.name, row)
    else:
        contact = of_person(reader, organisation.name, row.owner_id)
    before = next(iter(said_before(reader, row, same_firm=False)), None) if waiting else None
    return FollowedNeed(
        standing=_standing(row, link),
        text=row.text or "",
        siren=row.siren,
        commune=row.commune,
        readers=Readers(row.readers).label,
        organisation=organisation.name,
        contact=contact,
        due_on=due_on(reader, row),
        steps=steps_of(reader, row),
        proposal=row.proposal or "",
        result=row.result or "",
        outcome=row.outcome,
        published=row.call_id,
        earlier=reader.day(before.created_at) if before else None,
        legal=letters.legal(organisation),
    )


def _standing(row: StatedNeed, link: str) -> str:
    if row.state == NeedState.WITHDRAWN:
        return "withdrawn"
    if link == EXPIRED or row.erased_at is not None:
        return "expired"
    return "unconfirmed" if row.state == NeedState.UNCONFIRMED else "followed"
