"""Stating a need without an account, to whoever answers for the place; a letter asks to confirm the address first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from vigie.domain.access import Right, Scope, Thing
from vigie.domain.declarations import competition_warning
from vigie.domain.declared import Label, Length, Missing, TextShape
from vigie.domain.needs import Readers, need_fault
from vigie.errors import FieldFault, Objected, RequestFault
from vigie.services.accounts.rate_limits import LETTERS_BY_ADDRESS, LETTERS_BY_ORIGIN, RateLimiter, origin_of
from vigie.services.acts import Act, Doing, Telling, needs
from vigie.services.capabilities import Capability
from vigie.services.communes import commune_code, commune_name
from vigie.services.entries import read
from vigie.services.firms.relations import LocalContact
from vigie.services.mail.addresses import writable_address
from vigie.services.needs import letters
from vigie.services.needs.answers import NeedReceipt
from vigie.services.needs.chosen import contact_of, proposed_in
from vigie.services.needs.steps import said_before
from vigie.store.journal.introductions import ConsentKey
from vigie.store.journal.needs import StatedNeed
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from vigie.services.acts import ActRunner
    from vigie.services.firms.relations import Covering
    from vigie.services.keys import Keys
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal

PURPOSE = "need"
TO_CONFIRM = timedelta(days=30)
"""A month to confirm, as for any link of a letter."""
FOLLOWED_FOR = timedelta(days=365)
"""Most needs are answered within a year; the link then says where to write."""


@dataclass(frozen=True, slots=True)
class NeedEntry:
    """Un besoin, dit sans compte : les mots, l’entreprise ou la commune, qui peut lire, comment joindre la personne."""

    text: Annotated[
        str, Label("De quoi avez-vous besoin ?"), TextShape("lines"), Length(20_000), Missing(need_fault(""))
    ]
    email: Annotated[str, Label("Adresse électronique"), Length(254), Missing("Donnez une adresse : la réponse y va.")]
    siren: Annotated[str, Label("SIREN de l’entreprise"), Length(20)] = ""
    commune: Annotated[str, Label("Commune"), Length(100)] = ""
    readers: Annotated[Readers, Label("Qui peut lire")] = Readers.CONTACT
    name: Annotated[str, Label("Prénom et nom"), Length(120)] = ""
    phone: Annotated[str, Label("Téléphone"), Length(40), TextShape("phone")] = ""
    adviser: Annotated[str, Label("Interlocuteur choisi"), Length(20)] = ""


@dataclass(frozen=True, slots=True)
class NeedPlace:
    """Where a need is: a commune, the firm that has it if there is one, and who answers there."""

    commune: str
    siren: str
    firm: str
    contact: LocalContact


def _receipt(telling: Telling, need: str) -> NeedReceipt:
    row = telling.reader.get(StatedNeed, need)
    organisation = telling.reader.get(Organisation, row.organisation_id)
    contact = contact_of(telling.reader, organisation.name, row)
    return NeedReceipt(organisation.name, letters.answering_sentence(contact), contact.days)


STATED = Act(
    "need.stated",
    "besoin dit sans compte",
    needs=needs(Thing.STATED_NEEDS, Right.WRITE_OWN),
    summary="Dire un besoin sans compte",
    done="Il reste un geste : confirmez votre adresse.",
    takes=NeedEntry,
    tells=_receipt,
    makes=True,
)
CAPABILITY = Capability("Besoins dits sans compte", acts=(STATED,))


class StatingNeeds:
    """Takes needs from whoever states one, known or not."""

    def __init__(self, journal: Journal, keys: Keys, acts: ActRunner, firms: tuple[Covering, FirmRegister]) -> None:
        self._acts, self._keys = acts, keys
        self._journal = journal
        self._covering, self._register = firms
        self._limits = RateLimiter(journal, keys)

    def place(self, siren: str, commune: str, adviser: str = "") -> NeedPlace:
        """Return where a need is and who answers there; a firm is named only if its name is public.

        Raises `FieldFault` for a commune that is none, when neither is given, where nobody answers, or where the
        adviser who was chosen is not proposed.
        """
        code, siren, firm = self.located(siren, commune)
        if adviser:
            chosen = proposed_in(self._journal, self._register, adviser, code)
            if chosen is None:
                raise FieldFault(
                    "commune",
                    f"L’interlocuteur choisi ne répond pas, ou plus, pour {commune_name(code)} : donnez une commune où "
                    "il répond, ou dites votre besoin sans choisir d’interlocuteur.",
                )
            return NeedPlace(code, siren, firm, chosen)
        contact = self._covering.contact((code,))
        if contact is None:
            raise FieldFault(
                "commune",
                f"Personne ne répond encore ici pour {commune_name(code)}. La commune, l’intercommunalité ou la "
                "chambre consulaire de ce lieu peuvent vous aider.",
            )
        return NeedPlace(code, siren, firm, contact)

    def located(self, siren: str, commune: str) -> tuple[str, str, str]:
        """Return the commune of a need, the SIREN and the public name of its firm, whether somebody answers or not.

        Raises `FieldFault` for a commune that is none, or when neither is given.
        """
        firm, found = "", ""
        if siren:
            firm, found, siren = self._firm(siren)
        code = _commune(commune) if commune.strip() else found
        if not code:
            raise FieldFault("commune", "Dites dans quelle commune : c’est elle qui dit qui vous répond.")
        return code, siren, firm

    def state(self, scope: Scope, said: NeedEntry, whence: str = "") -> NeedReceipt:
        """Write a need and send the letter that confirms its address; until then nobody reads it.

        `whence` is the network address, of which a keyed hash is counted. Raises `FieldFault` for what cannot be kept,
        `TooManyAttempts` when too many letters were asked for.
        """
        entry = checked(read(NeedEntry, said))
        place = self.place(entry.siren, entry.commune, entry.adviser)
        self._limits.enter(
            (LETTERS_BY_ADDRESS, self._keys.email(entry.email)),
            (LETTERS_BY_ORIGIN, origin_of(whence) if whence else ""),
        )
        kept = replace(entry, siren=place.siren, commune=place.commune)
        asked = Scope(organisation=place.contact.organisation_id, request_key=scope.request_key)
        return self._acts.run(asked, STATED, "", kept)

    def _firm(self, number: str) -> tuple[str, str, str]:
        """Return the public name, the commune and the SIREN of a firm; that of a firm that is not shown is empty."""
        try:
            known = self._register.known(number)
        except Objected:
            return "", "", ""
        except RequestFault as fault:
            raise FieldFault("siren", str(fault)) from None
        return "" if known.masked else known.name, known.commune, known.siren


@STATED.does
def state(doing: Doing, _: str, said: NeedEntry) -> None:
    """Write a need that nobody reads yet, and the letter that asks to confirm it."""
    unit = doing.unit
    row = unit.add(
        StatedNeed(
            id=doing.subject,
            siren=said.siren,
            commune=said.commune,
            readers=said.readers.value,
            text=said.text.strip(),
            name=" ".join(said.name.split()) or None,
            email=said.email,
            phone=said.phone or None,
            adviser_id=said.adviser,
        )
    )
    unit.flush()
    organisation = unit.get(Organisation, unit.scope.organisation)
    contact = contact_of(unit, organisation.name, row)
    before = next(iter(said_before(unit, row, same_firm=False)), None)
    link = new_link(doing, row, TO_CONFIRM)
    earlier = unit.day(before.created_at) if before else None
    letter = letters.confirmation(organisation, row, contact, link, earlier)
    doing.means.outbox.post(unit, recipient=said.email, subject=letter.subject, body=letter.body, about=row.id)


def new_link(doing: Doing, need: StatedNeed, lasting: timedelta) -> str:
    """Return a new link to the page of a need, to be put in a letter of the running transaction."""
    unit, token = doing.unit, doing.means.keys.new_token()
    unit.add(
        ConsentKey(
            key_hash=doing.means.keys.hash_token(token),
            subject_id=need.id,
            purpose=PURPOSE,
            created_at=unit.now,
            expires_at=unit.now + lasting,
        )
    )
    return doing.means.outbox.link(f"/lien/besoin/{token}")


def checked(said: NeedEntry) -> NeedEntry:
    """Return a need put right; raises `FieldFault` for words, readers or an address that cannot be kept."""
    if fault := need_fault(said.text):
        raise FieldFault("text", fault)
    if fault := readers_fault(said.text, said.readers):
        raise FieldFault("readers", fault)
    return replace(said, email=writable_address(said.email, "email"))


def readers_fault(text: str, readers: Readers) -> str:
    """Return why words may not be read by other firms, empty when they may, or when the officer alone reads them."""
    warning = competition_warning(text) if readers is not Readers.CONTACT else ""
    return f"{warning} Corrigez votre texte, ou gardez-le pour votre contact." if warning else ""


def _commune(text: str) -> str:
    try:
        return commune_code(text)
    except RequestFault as fault:
        raise FieldFault("commune", str(fault)) from None
