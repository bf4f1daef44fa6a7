"""One’s own data, and those of an organisation: what belongs to whom, and the archives that hold it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from vigie.domain.access import Right, Role, Thing
from vigie.domain.formulas import shielded
from vigie.errors import NotSignedIn
from vigie.services.accounts.speaking import ACTIVE, host_of
from vigie.services.mail.mail import without_secrets
from vigie.services.retention.erasing import bearing
from vigie.services.retention.rules import tables_of_life
from vigie.store.journal.advising import Adviser
from vigie.store.journal.firms import Declaration
from vigie.store.journal.followup import Contact
from vigie.store.journal.introductions import CallCorrection, Introduction, IntroductionRequest, Side
from vigie.store.journal.land import LandUnit
from vigie.store.journal.models import Base
from vigie.store.journal.needs import StatedNeed
from vigie.store.journal.people import HostRequest, Membership, Organisation, Person
from vigie.store.journal.records import Audit, Letter

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.store.journal.port import Journal, Reader

_OF_THE_ORGANISATION = """{name}
Tout ce que cette organisation a confié à Vigie, le {day}.

json/  une liste d’enregistrements par table ; dates en ISO 8601, heure universelle (UTC).
csv/   les mêmes tables pour un tableur : UTF-8, séparateur point-virgule ; les tables vides n’y sont pas.

Les tables se rejoignent par leurs identifiants : contact.dossier_id désigne dossier.id, side.introduction_id désigne
introduction.id, event.subject désigne ce dont parle un événement.
La table event raconte chaque changement, sans donnée personnelle ; la table audit dit qui a lu quoi.
Les empreintes de mots de passe, de jetons et d’adresses n’y figurent pas : elles ne servent qu’à l’installation.
Les liens à usage unique des courriels sont coupés : seul leur destinataire s’en sert.
Les votes d’une consultation et les réponses d’un atelier n’y figurent pas : personne n’en lit une seule. Ce qui en fut
publié y est.
Les SIREN et SIRET sont des textes : importez-les comme tels pour ne pas perdre leurs zéros de tête.

Ce fichier contient des données personnelles et des notes internes : gardez-le comme vous gardez vos dossiers.

Tables et nombre de lignes :
{tables}
"""


class Belongings:
    """Takes away what an organisation owns."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def take(self, scope: Scope) -> Archive:
        """Return every table of the asker's organisation in a zip; the export is traced."""
        scope.require(Thing.BACKUP, Right.WRITE)
        self._journal.trace(scope, "organisation.exported", scope.organisation)
        self._journal.gather()
        with self._journal.reading(scope) as reader:
            organisation = reader.get(Organisation, scope.organisation)
            tables = {mapped.__tablename__: _rows(reader, mapped) for mapped in owned_tables()}
            tables["organisation"] = [record(organisation)]
            tables["person"] = _people(reader)
            listed = "\n".join(f"  {table} : {len(rows)}" for table, rows in sorted(tables.items()))
            readme = _OF_THE_ORGANISATION.format(name=organisation.name, day=reader.today.isoformat(), tables=listed)
            day = reader.today.isoformat()
        return packed(f"vigie-organisation-{day}.zip", readme, dict(sorted(tables.items())), sheets=True)


def owned_tables() -> tuple[type[Base], ...]:
    """Return every table whose rows belong to an organisation."""
    mapped: list[type[Base]] = [mapper.class_ for mapper in Base.registry.mappers]
    owned = [one for one in mapped if one.taken_away and "organisation_id" in one.__table__.columns]
    return tuple(sorted(owned, key=lambda one: one.__tablename__))


def _rows(reader: Reader, mapped: type[Base]) -> list[Record]:
    whose = mapped.__table__.columns["organisation_id"]
    rows = reader.all(select(mapped).where(whose == reader.scope.organisation).order_by(*mapped.__table__.primary_key))
    return [_told(row) for row in rows]


def _told(row: Base) -> Record:
    return {**record(row), "body": without_secrets(row.body or "")} if isinstance(row, Letter) else record(row)


def _people(reader: Reader) -> list[Record]:
    """Return the members, past ones too, with what the organisation knows of them."""
    members = select(Membership.person_id).where(Membership.organisation_id == reader.scope.organisation)
    return [record(row) for row in reader.all(select(Person).where(Person.id.in_(members)).order_by(Person.id))]


SECRETS = frozenset({"key_hash", "password_hash", "email_key", "bucket", "request_key", "request_content"})
"""Columns that are never taken away: what is kept of secrets."""
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Archive:
    """A file to hand over."""

    name: str
    content: bytes
    tables: Mapping[str, int]


def record(row: Base) -> Record:
    """Return a row as people may take it away, its secrets left out."""
    names = [column.key for column in row.__table__.columns if column.key not in SECRETS]
    return {name: _plain(getattr(row, name)) for name in names}


def packed(name: str, readme: str, tables: Mapping[str, Sequence[Record]], *, sheets: bool) -> Archive:
    """Write the tables in a zip; `sheets` adds a CSV beside each JSON. A table without row is written too."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("LISEZMOI.txt", readme)
        for table, rows in tables.items():
            archive.writestr(f"json/{table}.json", json.dumps(list(rows), ensure_ascii=False, indent=1))
            if sheets and rows:
                archive.writestr(f"csv/{table}.csv", _csv(rows))
    return Archive(name, buffer.getvalue(), {table: len(rows) for table, rows in tables.items()})


def _csv(rows: Sequence[Record]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer.writerow(names)
    writer.writerows([[_cell(row.get(name)) for name in names] for row in rows])
    return "\ufeff" + buffer.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return shielded(text) if isinstance(value, str) else text


def _words(value: list[Any]) -> bool:
    return all(isinstance(one, str) for one in value)


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it; what events tell of secrets is left out too."""
    if isinstance(value, dict):
        return {name: _plain(kept) for name, kept in value.items() if name not in SECRETS}
    if isinstance(value, list):
        return [_plain(kept) for kept in value if kept not in SECRETS] if _words(value) else [*map(_plain, value)]
    return value.isoformat() if isinstance(value, date | datetime) else value


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
  statement      les idées que vous avez proposées à une consultation, connecté à votre compte
  adviser        les services où votre adresse est donnée aux entreprises
  land_unit      les terrains et locaux dont vous êtes dit propriétaire, à votre adresse
  audit          qui a lu ce qui concerne votre entreprise, et vos propres accès
  event          ce que vous avez fait

Vos votes n’y sont pas, et ne peuvent pas y être : ils ne sont reliés à aucun compte. Chaque consultation les montre à
l’appareil qui les a donnés, jusqu’à sa clôture ; ensuite ils n’existent plus.

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
    for table, life in tables_of_life():
        if life.taken_as:
            columns = table.__table__.columns
            own = (columns[life.person] == person, columns["organisation_id"] == here)
            add(life.taken_as, *reader.all(select(table).where(*own)))
    theirs = CallCorrection.call_id.in_([call["id"] for call in tables["call"] if call["organisation_id"] == here])
    add("call_correction", *reader.all(select(CallCorrection).where(theirs).order_by(CallCorrection.created_at)))
    concerns = or_(Audit.person_id == person, Audit.siren.in_(sirens))
    add("audit", *reader.all(select(Audit).where(concerns).order_by(Audit.seq)))
    asked = or_(IntroductionRequest.person_id == person, IntroductionRequest.siren.in_(sirens))
    add("introduction_request", *reader.all(select(IntroductionRequest).where(asked)))
    if email:
        add("contact", *bearing(reader, Contact, Contact.email, email))
        add("stated_need", *bearing(reader, StatedNeed, StatedNeed.email, email))
        add("adviser", *bearing(reader, Adviser, Adviser.email, email))
        add("land_unit", *bearing(reader, LandUnit, LandUnit.owner_email, email))
    if sirens:
        mine = (Declaration.siren.in_(sirens), Declaration.organisation_id == here)
        add("declaration", *reader.all(select(Declaration).where(*mine)))
        sides = reader.all(select(Side).where(Side.siren.in_(sirens)))
        add("side", *sides)
        wanted = [side.introduction_id for side in sides]
        add("introduction", *reader.all(select(Introduction).where(Introduction.id.in_(wanted))))
