"""Everything an organisation owns, to take away: every table of the journal that holds rows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Right, Thing
from vigie.services.mail.mail import without_secrets
from vigie.services.retention.archive import Archive, Record, packed, record
from vigie.store.journal.models import Base
from vigie.store.journal.people import Membership, Organisation, Person
from vigie.store.journal.records import Letter

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.store.journal.port import Journal, Reader

_README = """{name}
Tout ce que cette organisation a confié à Vigie, le {day}.

json/  une liste d’enregistrements par table ; dates en ISO 8601, heure universelle (UTC).
csv/   les mêmes tables pour un tableur : UTF-8, séparateur point-virgule ; les tables vides n’y sont pas.

Les tables se rejoignent par leurs identifiants : contact.dossier_id désigne dossier.id, side.introduction_id désigne
introduction.id, event.subject désigne ce dont parle un événement.
La table event raconte chaque changement, sans donnée personnelle ; la table audit dit qui a lu quoi.
Les empreintes de mots de passe, de jetons et d’adresses n’y figurent pas : elles ne servent qu’à l’installation.
Les liens à usage unique des courriels sont coupés : seul leur destinataire s’en sert.
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
            readme = _README.format(name=organisation.name, day=reader.today.isoformat(), tables=listed)
            day = reader.today.isoformat()
        return packed(f"vigie-organisation-{day}.zip", readme, dict(sorted(tables.items())), sheets=True)


def owned_tables() -> tuple[type[Base], ...]:
    """Return every table whose rows belong to an organisation."""
    mapped: list[type[Base]] = [mapper.class_ for mapper in Base.registry.mappers]
    owned = [one for one in mapped if "organisation_id" in one.__table__.columns]
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
