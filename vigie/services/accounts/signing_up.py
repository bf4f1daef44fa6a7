"""Inhabitants come in by themselves: an address, the organisation of their territory, and a link that confirms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Role, Scope
from vigie.domain.accounts import SIGN_UP_LASTS
from vigie.domain.french import NBSP, THIN, long_date
from vigie.errors import FieldFault
from vigie.services.accounts.rate_limits import LETTERS_BY_ADDRESS, LETTERS_BY_ORIGIN, RateLimiter, origin_of
from vigie.services.accounts.words import clean_email
from vigie.services.keys import Keys
from vigie.store.journal.base import new_id
from vigie.store.journal.people import Invitation, Membership, Organisation, Person

if TYPE_CHECKING:
    from vigie.services.accounts.organisations import Organisations
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal, Unit


class SigningUp:
    """Answers the same whether the address is known or not; the letter says the rest."""

    def __init__(
        self, journal: Journal, keys: Keys, guarding: RateLimiter, organisations: Organisations, mail: Mail
    ) -> None:
        self._journal, self._keys, self._guarding = journal, keys, guarding
        self._organisations, self._mail = organisations, mail

    def ask(self, email: str, organisation: str, origin: str = "") -> None:
        """Write the letter that confirms an address.

        Raises `FieldFault` when the address or the organisation will not do, `TooManyAttempts` after many letters.
        """
        address = clean_email(email)
        if organisation not in {one.id for one in self._organisations.joinable()}:
            raise FieldFault("organisation", "Choisissez l’organisation de votre territoire dans la liste.")
        key = self._keys.email(address)
        self._guarding.enter((LETTERS_BY_ADDRESS, key), (LETTERS_BY_ORIGIN, origin_of(origin)))
        with self._journal.writing(Scope(organisation=organisation, key=key)) as unit:
            where = unit.get(Organisation, organisation).name
            person = unit.one(select(Person).where(Person.email_key == key))
            if person is not None and self._is_member(unit, person.id):
                self._remind(unit, person, where)
            else:
                self._confirm(unit, address, where)

    @staticmethod
    def _is_member(unit: Unit, person: str) -> bool:
        unit.moving(replace(unit.scope, person=person))
        return bool(
            unit.count(
                select(Membership).where(
                    Membership.person_id == person,
                    Membership.organisation_id == unit.scope.organisation,
                    Membership.deleted_at.is_(None),
                )
            )
        )

    def _confirm(self, unit: Unit, address: str, where: str) -> None:
        secret = Keys.new_token()
        made = Invitation(
            id=new_id(),
            email=address,
            role=Role.INHABITANT.value,
            expires_at=unit.now + SIGN_UP_LASTS,
            key_hash=Keys.hash_token(secret),
        )
        unit.act("sign_up.asked", made.id)
        unit.add(made)
        unit.flush()
        until = long_date(unit.day(made.expires_at))
        body = (
            f"Bonjour,\n\nVous avez demandé un compte d’habitant auprès de {where}.\n\n"
            f"Pour confirmer votre adresse, ouvrez cette page avant le {until}{NBSP}:\n"
            f"{self._mail.link(f'/invitation/{secret}')}\n\nLe lien ne sert qu’une fois. Si vous n’avez rien demandé, "
            f"ne faites rien{THIN}; l’adresse sera effacée.\n"
        )
        self._mail.post(unit, recipient=address, subject="Confirmez votre adresse", body=body, about=made.id)

    def _remind(self, unit: Unit, person: Person, where: str) -> None:
        unit.act("sign_up.known", person.id)
        body = (
            f"Bonjour,\n\nUn compte d’habitant vient d’être demandé avec votre adresse auprès de {where}, "
            f"où vous en avez déjà un. Connectez-vous{NBSP}: {self._mail.link('/connexion')}\n"
        )
        self._mail.post(unit, recipient=person.email or "", subject="Vous avez déjà un compte", body=body)
