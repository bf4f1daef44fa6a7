"""Words of accounts: kinds of organisations, who may give which role, what a password must be."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum

from vigie.domain.access import Role, Scope


class OrganisationKind(StrEnum):
    """What an organisation is; the host's is the one whose administrators keep the installation."""

    AUTHORITY = "collectivite"
    AGENCY = "agence"
    FIRM = "entreprise"
    ASSOCIATION = "association"
    HOST = "hebergeur"


class LegalBasis(StrEnum):
    """Article of the GDPR on which an organisation's records stand; 6-1-e is a public mission."""

    PUBLIC_MISSION = "6-1-e"
    LEGITIMATE_INTEREST = "6-1-f"


class LinkState(StrEnum):
    """Where the claim to speak for a firm stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


GIVES: dict[Role, frozenset[Role]] = {
    Role.ADMIN: frozenset(
        {Role.ADMIN, Role.OFFICER, Role.ANALYST, Role.ELECTED, Role.PARTNER, Role.HEAD, Role.INHABITANT}
    ),
    Role.OFFICER: frozenset({Role.HEAD, Role.PARTNER}),
    Role.SUPER_ADMIN: frozenset({Role.SUPER_ADMIN}),
}
"""Roles that a member may offer in their own organisation; a role that is not a key offers none."""

ROLE_LABELS: dict[Role, str] = {
    Role.ANONYMOUS: "visiteur",
    Role.INHABITANT: "habitant",
    Role.HEAD: "dirigeant d’entreprise",
    Role.OFFICER: "développeur économique",
    Role.ADMIN: "administrateur",
    Role.ANALYST: "chargé d’études",
    Role.ELECTED: "élu",
    Role.PARTNER: "partenaire invité",
    Role.SUPER_ADMIN: "administrateur de l’installation",
    Role.READING_TOKEN: "programme, en lecture",
}
"""French names of the roles."""


def givable(scope: Scope, kind: OrganisationKind | None = None) -> frozenset[Role]:
    """Return the roles that the asker may offer; `kind` is that of the organisation when the host's command asks.

    A command gives every role that members hold, the installation's administrators in the host's organisation only.
    """
    if scope.via == "command":
        return GIVES[Role.SUPER_ADMIN] if kind is OrganisationKind.HOST else GIVES[Role.ADMIN]
    return GIVES.get(scope.role, frozenset()) if scope.via == "session" else frozenset()


MIN_PASSWORD, MAX_PASSWORD = 12, 200
SESSION_IDLE, SESSION_LONGEST = timedelta(hours=4), timedelta(hours=12)
"""Half a day's work without typing one's password again; a computer left open overnight is signed out."""
INVITATION_LASTS, SIGN_UP_LASTS, RECOVERY_LASTS = timedelta(days=14), timedelta(days=2), timedelta(hours=1)
"""An invitation outlives a holiday, a sign-up a week-end; what changes a password lasts as long as one waits for a
letter."""
_COMMON = (
    "motdepasse", "password", "azertyuiop", "qwertyuiop", "bonjour", "administrateur", "administrator", "bienvenue",
    "welcome", "soleil", "doudou", "iloveyou", "jetaime", "changemoi", "changeme", "letmein", "vigie", "territoire",
    "collectivite", "mairie", "entreprise", "marseille", "nicolas", "football", "123456789012", "1234567890", "123456",
    "abcdef", "azerty", "qwerty", "secret", "loulou", "chouchou", "princesse", "dragon", "monkey", "superman",
)  # fmt: skip
"""Words that guessers try first; alone, repeated or with figures and signs around, they make no password."""

FREE_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.com", "live.fr",
        "msn.com", "yahoo.com", "yahoo.fr", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "orange.fr",
        "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr", "bbox.fr", "laposte.net", "proton.me", "protonmail.com", "gmx.fr",
        "gmx.com", "gmx.net", "mail.com", "zoho.com", "tutanota.com", "tuta.io", "numericable.fr", "club-internet.fr",
        "aliceadsl.fr", "cegetel.net", "voila.fr", "caramail.com", "yandex.com", "hey.com", "duck.com", "pm.me",
        "mailo.com", "net-c.com", "riseup.net", "noos.fr", "dbmail.com", "nordnet.fr", "9online.fr", "tele2.fr",
        "proton.ch", "protonmail.ch", "tutamail.com", "tuta.com", "zohomail.com", "zohomail.eu", "fastmail.com",
        "fastmail.fm", "hushmail.com", "mailfence.com", "posteo.de", "posteo.net", "disroot.org", "web.de",
        "freenet.de", "t-online.de", "skynet.be", "telenet.be", "proximus.be", "bluewin.ch", "libero.it", "virgilio.it",
        "mail.ru", "yandex.ru", "ya.ru", "qq.com", "163.com", "126.com", "naver.com", "rocketmail.com",
        "rediffmail.com", "sfr.net", "alice.fr", "infonie.fr", "libertysurf.fr", "worldonline.fr", "lycos.fr",
        "ifrance.com", "francite.com", "tiscali.fr", "orange.re", "wanadoo.re", "mediaserv.net",
        "lagoon.nc", "mls.nc", "mail.pf", "netcourrier.com", "email.com", "usa.com", "ik.me", "etik.com", "vivaldi.net",
        "aol.fr", "yopmail.com", "yopmail.fr", "mailinator.com", "guerrillamail.com", "temp-mail.org", "jetable.org",
    }
)  # fmt: skip
"""Domains where anybody gets an address: an address there proves nothing about a firm."""
_FREE_NAMES = re.compile(r"(yahoo|hotmail|outlook|live|gmail|googlemail|gmx|ymail|protonmail)\.(com?\.)?[a-z]{2,3}")
"""The same houses under the ending of each country: yahoo.co.uk, hotmail.be."""


def password_fault(password: str, email: str = "") -> str:
    """Return why a password is refused, in French; empty when it is accepted.

    Length is the only rule of form. The address itself and words that guessers try first are refused.
    """
    if len(password) < MIN_PASSWORD:
        return f"Ce mot de passe compte {len(password)} caractères : il en faut {MIN_PASSWORD} au moins."
    if len(password) > MAX_PASSWORD:
        return f"Ce mot de passe compte {len(password)} caractères : {MAX_PASSWORD} au plus."
    plain, address = password.casefold(), email.strip().casefold()
    local = address.partition("@")[0]
    if address and (plain == address or _letters(plain) == _letters(address) or _mostly(plain, local)):
        return "Ce mot de passe reprend votre adresse électronique : choisissez-en un autre."
    if len(set(plain)) < 5 or any(_mostly(plain, word) for word in _COMMON):
        return "Ce mot de passe est parmi les premiers que l’on essaie : une suite de quatre mots au hasard vaut mieux."
    return ""


def proves(domain: str) -> bool:
    """Tell whether addresses of a domain can prove a link to a firm: neither free mail nor what is under it does."""
    labels = domain.casefold().strip(".").split(".")
    above = [".".join(labels[rank:]) for rank in range(len(labels) - 1)]
    return bool(above) and not any(one in FREE_MAIL or _FREE_NAMES.fullmatch(one) for one in above)


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _mostly(password: str, word: str) -> bool:
    """Tell whether nothing but figures and signs, fewer than eight, is left once a word is taken out."""
    rest = password.replace(word, "") if len(word) >= 4 else password
    return rest != password and len(rest) < 8 and not any(sign.isalpha() for sign in rest)


def short_name(name: str) -> str:
    """Return a name as the public reads it: the first name, the initial of the last one.

    >>> short_name("Camille de la Fontaine"), short_name("Camille")
    ('Camille F.', 'Camille')
    """
    first, *others = name.split() or [""]
    return f"{first} {others[-1][0].upper()}." if others else first
