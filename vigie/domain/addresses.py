"""E-mail addresses: one rule to read them, one form to compare them, one form for the wire; no network is asked."""

from __future__ import annotations

import re
import unicodedata

import idna
from email_validator import EmailNotValidError, validate_email

LONGEST = 254
_BETWEEN = re.compile(r"[^<>]*<([^<>]+)>")
_BETWEEN_WORDS = re.compile(r"[\s<>()\[\],;:|/«»\"“”]+")
_AROUND = ".!?…'’*_-"
"""What stands against an address in running text and is no part of it."""
EXAMPLE = "nom@exemple.fr"


class AddressFault(ValueError):
    """A text is no e-mail address; `why` is a French sentence without the address, the fault adds what to do."""

    def __init__(self, why: str, remedy: str) -> None:
        self.why = why
        super().__init__(f"{why} {remedy}")


def read_address(text: str) -> str:
    """Return the address that a text holds, as it is kept: its domain in small letters and in its own script.

    « mailto: », « Nom <adresse> » and signs that are not seen are understood. Raises `AddressFault`.
    """
    bare = _bare(text)
    found = _valid(bare)
    if not found:
        raise AddressFault(_why(bare), f"Écrivez-la comme {EXAMPLE}.")
    return found


def read_writable(text: str) -> str:
    """Return an address to which a letter surely leaves; raises `AddressFault`.

    What stands before the @ is in ASCII: beyond it every server on the way must know SMTPUTF8, and many do not.
    """
    found = read_address(text)
    if fault := unwritable(found):
        raise AddressFault(fault, "Donnez-en une autre.")
    return found


def unwritable(address: str) -> str:
    """Return why a letter may not leave for an address, in French; empty when it does."""
    odd = next((sign for sign in address.rpartition("@")[0] if not sign.isascii()), "")
    if not odd:
        return ""
    return (
        f"Cette adresse porte « {odd} » avant l’@ : bien des serveurs de courriel ne savent pas la remettre, et Vigie "
        "n’y écrit pas."
    )


def addresses_in(text: str) -> list[str]:
    """Return the addresses that a text gives, in its order: each word is read by the same rule as an address alone."""
    words = (word.strip(_AROUND) for word in _BETWEEN_WORDS.split(unicodedata.normalize("NFKC", text)) if "@" in word)
    return [found for word in words if (found := _valid(word))]


def hints_at_address(text: str) -> bool:
    """Tell whether a text gives an address, or a word meant as one though no letter would leave for it."""
    return any("@" in word.strip("@" + _AROUND) for word in _BETWEEN_WORDS.split(unicodedata.normalize("NFKC", text)))


def holds_address(text: str, address: str) -> bool:
    """Tell whether a text holds this address, and not one that is longer: « contact@… » is not in « mon-contact@… »."""
    whole = rf"(?<![\w.+%-]){re.escape(address.strip().casefold())}(?![\w-]|\.\w)"
    return re.search(whole, text.casefold()) is not None


def address_key(text: str) -> str:
    """Return the form by which addresses are compared: case, width of letters, unseen signs, script of the domain.

    Never fails: what is no address is compared as text.
    """
    local, at, domain = _bare(text).rpartition("@")
    if not at:
        return domain.casefold()
    return f"{local.casefold()}@{domain_key(domain)}"


def domain_of(address: str) -> str:
    """Return the domain of an address, as domains are compared; empty when it has none."""
    _, at, domain = address.rpartition("@")
    return domain_key(domain) if at else ""


def read_domain(text: str) -> str:
    """Return the domain that a text names, « exemple.fr » or « @exemple.fr », in small letters and its own script.

    Raises `AddressFault` when no address could end with it.
    """
    name = domain_key(text.strip().removeprefix("@"))
    if "@" in name or not _valid(f"contact@{name}"):
        raise AddressFault("Ce n’est pas un nom de domaine :", "écrivez-le comme exemple.fr.")
    return name


def domain_key(domain: str) -> str:
    """Return the form by which domains are compared: small letters, their own script rather than `xn--`."""
    lowered = unicodedata.normalize("NFKC", domain.strip()).lower()
    try:
        return idna.decode(lowered)
    except (idna.IDNAError, UnicodeError):
        return lowered


def on_the_wire(address: str) -> str:
    """Return an address as servers speak it: its domain in `xn--`; what is no domain stays as it is."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local}{at}{domain_on_the_wire(domain) if at else domain}"


def domain_on_the_wire(domain: str) -> str:
    """Return a domain in `xn--`, as it is when it is in ASCII already or no domain."""
    try:
        return domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return domain


def _valid(bare: str) -> str:
    """Return an address in its normal form; empty when it is none."""
    try:
        # Addresses of examples and of tests are addresses too.
        return validate_email(bare, check_deliverability=False, test_environment=True, strict=True).normalized
    except EmailNotValidError:
        return ""


def _bare(text: str) -> str:
    """Return the address of a text, without what surrounds it or is not seen."""
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) not in _UNSEEN)
    bare = " ".join(seen.split())
    if named := _BETWEEN.fullmatch(bare):
        bare = named[1].strip()
    if bare[:7].lower() == "mailto:":
        bare = bare[7:].partition("?")[0].strip()
    return bare


_UNSEEN = frozenset({"Cf"})
"""Zero-width space and joiners, soft hyphen, byte order mark, marks of direction."""


def _why(bare: str) -> str:
    local, at, domain = bare.rpartition("@")
    if not bare:
        return "Il manque l’adresse électronique."
    if len(addresses_in(bare)) > 1:
        return "Cette case porte plusieurs adresses électroniques : gardez-en une."
    for wrong, said in (
        (not at, "Ce n’est pas une adresse électronique : il lui manque l’@."),
        (" " in bare, "Cette adresse électronique porte une espace."),
        (".." in bare, "Cette adresse électronique porte deux points de suite."),
        ("," in domain, "Cette adresse électronique porte une virgule à la place d’un point."),
        (domain.endswith("."), "Cette adresse électronique finit par un point."),
        ("." not in domain, "Il manque à cette adresse électronique la fin de son domaine (« .fr »)."),
        (len(bare) > LONGEST, "Cette adresse électronique est trop longue."),
        (not local, "Il manque ce qui précède l’@ de cette adresse électronique."),
    ):
        if wrong:
            return said
    return "Ce n’est pas une adresse électronique."
