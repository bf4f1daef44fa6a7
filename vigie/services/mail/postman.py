"""Hands letters to an SMTP server; nothing it raises or logs names a recipient."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from vigie.domain.addresses import AddressFault, domain_on_the_wire, on_the_wire, read_writable
from vigie.errors import RequestFault, VigieError

_TIMEOUT = 20.0
"""A server that says nothing for so long is away: the round goes on without it."""
_PORTS = {"smtp": 587, "smtps": 465}
_CLOSING, _TOO_LARGE, _PERMANENT = 421, 552, 500
_OF_THE_SENDER = frozenset({_CLOSING, 530, 534, 535, 538})
"""Answers that speak of the connection or of who signs in, at whatever command they come."""


class Undelivered(VigieError):
    """A letter was not taken this time; the text is the kind of failure, without address or answer of the server."""


class LetterRefused(Undelivered):
    """The server answered about this letter, and wants it never: trying again is of no use."""


class ServerAway(Undelivered):
    """The server takes no letter: out of reach, silent, gone in the middle, or turning the sender away."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One letter as it leaves."""

    identifier: str
    recipient: str
    subject: str
    body: str
    written_at: datetime


class Postman:
    """Speaks to the server of `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465` (TLS throughout).

    A password never travels without TLS; without a password, STARTTLS is used wherever the server offers it.
    """

    def __init__(self, url: str, sender: str, context: ssl.SSLContext | None = None) -> None:
        self._parts, self._sender = urlsplit(url), sender
        self._context = context or ssl.create_default_context()
        if self._parts.scheme not in _PORTS or not self._parts.hostname:
            raise RequestFault(
                "La variable VIGIE_SMTP_URL ne se lit pas : écrivez smtp://compte:motdepasse@serveur:587 ou smtps://…"
            )
        try:
            read_writable(sender)
        except AddressFault as fault:
            raise RequestFault(f"La variable VIGIE_MAIL_FROM ne dit pas qui envoie les courriels. {fault}") from None

    @contextmanager
    def round(self) -> Iterator[smtplib.SMTP]:
        """Open a connection for several letters; raises `ServerAway` when the server cannot be used."""
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as fault:
            raise ServerAway(type(fault).__name__) from None
        try:
            yield server
        finally:
            server.close()

    def hand(self, server: smtplib.SMTP, letter: Outgoing) -> None:
        """Give one letter to the server; raises `LetterRefused`, `ServerAway` or `Undelivered` when it is not taken."""
        try:
            server.send_message(self.compose(letter))
        except smtplib.SMTPRecipientsRefused as fault:
            raise _refusal(type(fault).__name__, *(code for code, _ in fault.recipients.values())) from None
        except smtplib.SMTPDataError as fault:
            raise _refusal(type(fault).__name__, fault.smtp_code) from None
        except smtplib.SMTPSenderRefused as fault:
            # The sender is the same for every letter; only the size that was announced is this one's.
            of_letter = fault.smtp_code == _TOO_LARGE
            raise (LetterRefused if of_letter else ServerAway)(f"{type(fault).__name__} {fault.smtp_code}") from None
        except (ValueError, smtplib.SMTPNotSupportedError) as fault:
            # Without SMTPUTF8 a server never takes an address that is not in ASCII before the @.
            raise LetterRefused(type(fault).__name__) from None
        except (OSError, smtplib.SMTPException) as fault:
            raise ServerAway(type(fault).__name__) from None

    def compose(self, letter: Outgoing) -> EmailMessage:
        """Return the message; its identifier is the letter's, so that a second copy can be recognised.

        Raises `ValueError` when the recipient cannot stand in a header.
        """
        message = EmailMessage()
        message["From"] = _wired(self._sender)
        message["To"] = _wired(letter.recipient)
        message["Subject"] = " ".join(letter.subject.split())
        message["Date"] = format_datetime(letter.written_at)
        message["Message-ID"] = (
            f"<{letter.identifier}@{domain_on_the_wire(self._sender.rpartition('@')[2].strip('> '))}>"
        )
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body, cte="quoted-printable")
        return message

    def _connected(self) -> smtplib.SMTP:
        host, port = self._parts.hostname or "", self._parts.port or _PORTS[self._parts.scheme]
        if self._parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT, context=self._context)
        else:
            server = smtplib.SMTP(host, port, timeout=_TIMEOUT)
        try:
            server.ehlo()
            if self._parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=self._context)
                server.ehlo()
            if self._parts.username:
                if not isinstance(server.sock, ssl.SSLSocket):
                    raise smtplib.SMTPNotSupportedError("a password needs TLS")
                server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server


def _refusal(what: str, *codes: int) -> Undelivered:
    """Return what a refusal amounts to, by its codes: for ever from 500 on, unless it speaks of the sender."""
    told = f"{what} {min(codes, default=0)}"
    if not _OF_THE_SENDER.isdisjoint(codes):
        return ServerAway(told)
    return LetterRefused(told) if codes and min(codes) >= _PERMANENT else Undelivered(told)


def _wired(person: str) -> str:
    """Return « Nom <adresse> », or an address alone, with its domain as servers speak it."""
    name, opens, address = person.strip().rpartition("<")
    return f"{name}<{on_the_wire(address.rstrip('> '))}>" if opens else on_the_wire(address)
