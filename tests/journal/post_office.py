"""A small SMTP server of one's own: it keeps what it is given, and refuses what the test asks it to."""

from __future__ import annotations

import base64
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class PostOffice:
    """What arrived, and how the next letters are answered: `refusals` are codes given in turn to recipients.

    `trouble` is how the office is away: it greets with 421, answers 451 to senders or to recipients, drops the
    connection instead of taking a text, or says nothing at all. A text that holds `drops` ends the connection.
    `taken` is called when a text is whole, before the answer; `greeted` counts connections.
    """

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    in_clear: int = 0
    trouble: str = ""
    drops: str = ""
    greeted: int = 0
    taken: Callable[[], None] = lambda: None
    tls: ssl.SSLContext | None = None


class _Talk(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        office: PostOffice = self.server.office  # type: ignore[attr-defined]
        self.ciphered = False
        office.greeted += 1
        if office.trouble == "silent":
            self.rfile.readline()
            return
        if office.trouble == "greeting":
            self.say("421 fermé")
            return
        self.say("220 poste")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            if verb.upper() == "QUIT":
                self.say("221 au revoir")
                return
            if verb.upper() == "DATA" and office.trouble == "drop":
                return
            self.answer(office, verb.upper(), rest)

    def answer(self, office: PostOffice, verb: str, rest: str) -> None:
        if verb == "EHLO":
            offers = ["poste", *(["STARTTLS"] if office.tls and not self.ciphered else []), "AUTH PLAIN", "8BITMIME"]
            for offer in offers[:-1]:
                self.say(f"250-{offer}")
            self.say(f"250 {offers[-1]}")
        elif verb == "STARTTLS" and office.tls:
            self.say("220 allez-y")
            self.cipher(office.tls)
        elif verb == "AUTH":
            office.passwords.append(base64.b64decode(rest.split()[1]).decode().replace("\0", " ").strip())
            self.say("235 bienvenue")
        elif (verb, office.trouble) in (("MAIL", "sender"), ("RCPT", "recipient")):
            self.say("451 plus tard")
        elif verb == "RCPT" and office.refusals:
            self.say(f"{office.refusals.pop(0)} non")
        elif verb == "DATA":
            self.say("354 j'écoute".encode("ascii", "replace").decode())
            kept = bytearray()
            while (line := self.rfile.readline()) != b".\r\n":
                kept += line.removeprefix(b".") if line.startswith(b"..") else line
            if office.drops and office.drops.encode() in kept:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            office.letters.append(message_from_bytes(bytes(kept), policy=policy.default))  # type: ignore[arg-type]
            office.in_clear += not self.ciphered
            office.taken()
            self.say("250 pris")
        else:
            self.say("250 bien")

    def cipher(self, tls: ssl.SSLContext) -> None:
        plain = (self.rfile, self.wfile)
        try:
            self.connection = tls.wrap_socket(self.connection, server_side=True)
        except ssl.SSLError:
            return  # the client does not trust us, and is gone
        for file in plain:
            file.close()
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.ciphered = True

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@contextmanager
def opened(tls: ssl.SSLContext | None = None) -> Iterator[PostOffice]:
    """Open an office on a free port, for the length of the block."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.office = PostOffice(port=server.server_address[1], tls=tls)  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.office  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()


def certified(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for 127.0.0.1; return the server's side and that of a client who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "poste d'essai")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    kept = folder / "certificate.pem"
    kept.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(kept)
    return server, ssl.create_default_context(cafile=str(kept))
