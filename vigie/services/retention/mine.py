"""Everything a person owns, to take away: their account, what their firm declared, who read it, what they answered."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from vigie.domain.access import Role
from vigie.errors import NotSignedIn
from vigie.services.accounts.several import ACTIVE
from vigie.services.accounts.speaking import host_of
from vigie.services.retention.archive import Archive, Record, packed, record
from vigie.services.retention.erasing import bearing
from vigie.store.journal.firms import Declaration
from vigie.store.journal.followup import Contact
from vigie.store.journal.introductions import Call, CallAnswer, CallCorrection, Introduction, IntroductionRequest, Side
from vigie.store.journal.needs import Answerer, StatedNeed
from vigie.store.journal.people import ApiToken, FirmLink, HostRequest, Membership, Organisation, Person, SignIn
from vigie.store.journal.records import Audit, JournalEvent

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.store.journal.base import Base
    from vigie.store.journal.port import Journal, Reader

_README = """Vos données dans Vigie, le {day}.

Ce dossier contient ce que Vigie sait de vous et de l’entreprise pour laquelle vous parlez, en JSON :
  person         votre compte ; membership, firm_link : vos rôles, qui les atteste, et vos rattachements
  host_request   ce qui a été demandé à l’hébergeur pour attester que vous parlez pour une entreprise
  sign_in        vos connexions ; api_token : vos jetons (sans leur secret)
  declaration    ce que votre entreprise a déclaré
  introduction   les mises en relation où elle figure ; side : votre côté, et lui seul
  introduction_request  les mises en relation que vous avez demandées
  call, answer   les appels que vous avez publiés (call_correction : leurs corrections) et vos réponses
  contact        les fiches de contact qui portent votre adresse
  stated_need    les besoins dits avec votre adresse ; answerer : les communes dont vous répondez
  audit          qui a lu ce qui concerne votre entreprise, et vos propres accès
  event          ce que vous avez fait

Dates en ISO 8601, heure universelle (UTC). Vous pouvez demander la correction ou l’effacement de ces données depuis
« Mon compte », ou à l’organisation concernée ; et saisir la Cnil (cnil.fr).
"""


class Mine:
    """Takes away what a person owns, in every organisation they belong to."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def take(self, scope: Scope) -> Archive:
        """Return what the asker owns in a zip; raises `NotSignedIn` for nobody, and for a program's token."""
        if not scope.person or scope.via != "session":
            raise NotSignedIn("Ouvrez votre session pour emporter vos données.")
        tables: dict[str, list[Record]] = defaultdict(list)
        self._journal.trace(scope, "person.exported", scope.person)
        self._journal.gather()
        with self._journal.reading(scope) as reader:
            person = reader.get(Person, scope.person)
            tables["person"] = [record(person)]
            memberships = reader.all(select(Membership).where(Membership.person_id == scope.person))
            tables["membership"] = [record(row) for row in memberships]
            day = reader.today.isoformat()
            for organisation in dict.fromkeys(row.organisation_id for row in memberships):
                held = [row for row in memberships if row.organisation_id == organisation and _speaks(row)]
                reader.moving(scope.within(organisation))
                _here(reader, tables, {row.siren for row in held if row.siren}, person.email or "")
            for place in dict.fromkeys((host_of(reader), "")):
                reader.moving(scope.within(place))
                asked = select(HostRequest).where(HostRequest.person_id == scope.person)
                tables["host_request"] += [record(row) for row in reader.all(asked)]
        return packed(f"vigie-mes-donnees-{day}.zip", _README.format(day=day), dict(tables), sheets=False)


def _speaks(row: Membership) -> bool:
    """Tell whether a membership lets its holder speak for its firm: not a former head, nor a suspended one."""
    return row.deleted_at is None and row.state == ACTIVE and row.role == Role.HEAD.value


def _here(reader: Reader, tables: dict[str, list[Record]], sirens: set[str], email: str) -> None:
    """Add what one organisation holds of somebody and of the firms they speak for; an empty address matches nothing."""
    person, here = reader.scope.person, reader.scope.organisation

    def add(name: str, *rows: Base) -> None:
        tables[name] += [record(row) for row in rows]

    add("organisation", *reader.all(select(Organisation).where(Organisation.id == here)))
    for table in (FirmLink, ApiToken, SignIn):
        own = (table.person_id == person, table.organisation_id == here)
        add(table.__tablename__, *reader.all(select(table).where(*own)))
    add("answer", *reader.all(select(CallAnswer).where(CallAnswer.person_id == person)))
    calls = reader.all(select(Call).where(Call.author_id == person, Call.organisation_id == here))
    add("call", *calls)
    theirs = CallCorrection.call_id.in_([call.id for call in calls])
    add("call_correction", *reader.all(select(CallCorrection).where(theirs).order_by(CallCorrection.created_at)))
    add("answerer", *reader.all(select(Answerer).where(Answerer.person_id == person, Answerer.organisation_id == here)))
    add("event", *reader.all(select(JournalEvent).where(JournalEvent.person_id == person)))
    concerns = or_(Audit.person_id == person, Audit.siren.in_(sirens))
    add("audit", *reader.all(select(Audit).where(concerns).order_by(Audit.seq)))
    asked = or_(IntroductionRequest.person_id == person, IntroductionRequest.siren.in_(sirens))
    add("introduction_request", *reader.all(select(IntroductionRequest).where(asked)))
    if email:
        add("contact", *bearing(reader, Contact, Contact.email, email))
        add("stated_need", *bearing(reader, StatedNeed, StatedNeed.email, email))
    if sirens:
        mine = (Declaration.siren.in_(sirens), Declaration.organisation_id == here)
        add("declaration", *reader.all(select(Declaration).where(*mine)))
        sides = reader.all(select(Side).where(Side.siren.in_(sirens)))
        add("side", *sides)
        wanted = [side.introduction_id for side in sides]
        add("introduction", *reader.all(select(Introduction).where(Introduction.id.in_(wanted))))
