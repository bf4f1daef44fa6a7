"""What the pages of organisations, members, invitations, tokens and firm links are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.access import Role
from vigie.domain.accounts import ROLE_LABELS, LegalBasis, OrganisationKind
from vigie.domain.attestation import PROOFS, Proof
from vigie.domain.zones import ZONES
from vigie.interfaces.desk_views.accounts import DESK, role_label
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.views import Link
from vigie.services.communes import territory_name
from vigie.services.needs.answerers import DESK as DESK_WORD

if TYPE_CHECKING:
    from vigie.services.accounts.domains import DeclaredDomain
    from vigie.services.accounts.inviting import Invited
    from vigie.services.accounts.joining import Offer
    from vigie.services.accounts.members import Member
    from vigie.services.accounts.organisations import Described
    from vigie.services.accounts.representing import Claim
    from vigie.services.accounts.tokens import Token
    from vigie.services.needs.answerers import AnswererTold

_OFTEN = (
    Role.OFFICER, Role.HEAD, Role.PARTNER, Role.ANALYST, Role.ELECTED, Role.INHABITANT, Role.ADMIN, Role.SUPER_ADMIN,
)  # fmt: skip
_STATES = {"waiting": "en attente", "expired": "périmée", "accepted": "acceptée", "revoked": "retirée"}
_TOKEN_STATES = {"active": "actif", "expired": "périmé", "revoked": "révoqué"}
_CLAIM_STATES = {"waiting": "en attente", "confirmed": "confirmé", "refused": "refusé"}
KIND_LABELS = {
    OrganisationKind.AUTHORITY: "collectivité",
    OrganisationKind.AGENCY: "agence",
    OrganisationKind.FIRM: "entreprise",
    OrganisationKind.ASSOCIATION: "association",
    OrganisationKind.HOST: "hébergeur",
}


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """One row of a list: what it is, what is said of it, its state, and what can be done with it."""

    id: str
    title: str
    notes: tuple[str, ...] = ()
    state: str = ""
    waiting: bool = False
    role: str = ""
    siren: str = ""
    suspended: bool = False
    open: bool = False
    territory: str = ""


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """`desk/invitation.html`: what a link offers, and the form that takes it."""

    title: str
    lead: str
    email: str
    known: bool
    token: str
    form: Form
    provider: str = ""


@dataclass(frozen=True, slots=True)
class AnswererRow:
    """Who answers for which communes, and where that is changed."""

    name: str
    told: str
    href: str


@dataclass(frozen=True, slots=True)
class MembersPage:
    """`desk/members.html`: members (for administrators), invitations in wait, and the form to invite.

    `dossier` is the title of the one that a partner is invited to read; `partners` tells that some may be invited.
    """

    title: str
    lead: str
    trail: tuple[Link, ...]
    here: str
    form: Form
    roles: tuple[Option, ...]
    invitations: tuple[MembershipRow, ...]
    members: tuple[MembershipRow, ...] = ()
    administers: bool = False
    partners: bool = False
    dossier: str = ""
    link: str = ""
    done: str = ""
    answerers: tuple[AnswererRow, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """`desk/organisation.html`: what the organisation says of itself."""

    form: Form
    bases: tuple[Option, ...]
    zones: tuple[Option, ...]
    may_change: bool
    done: str = ""
    hostless: bool = False
    title: str = "Organisation"
    lead: str = "Ce que l’organisation dit d’elle-même s’affiche partout où elle garde des données."
    trail: tuple[Link, ...] = field(default=(DESK, Link("Organisation")))


@dataclass(frozen=True, slots=True)
class OrganisationsPage:
    """`desk/organisations.html`: every organisation of the installation, and the form to make one."""

    lines: tuple[MembershipRow, ...]
    form: Form
    kinds: tuple[Option, ...]
    link: str = ""
    done: str = ""
    title: str = "Organisations"
    lead: str = "L’hébergeur crée les organisations et invite leur premier administrateur ; il n’entre pas chez elles."
    trail: tuple[Link, ...] = field(default=(DESK, Link("Organisations")))


@dataclass(frozen=True, slots=True)
class TokensPage:
    """`desk/tokens.html`: the tokens, and the form to make one; `secret` is shown once."""

    lines: tuple[MembershipRow, ...]
    form: Form
    secret: str = ""
    done: str = ""
    title: str = "Accès pour un programme"
    lead: str = "Un programme lit à votre place, avec un code. Il n’écrit jamais ; cet accès se retire d’un geste."
    trail: tuple[Link, ...] = field(default=(DESK, Link("Accès pour un programme")))


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """`desk/firm_link.html`: the asker's claims to speak for a firm."""

    lines: tuple[MembershipRow, ...]
    form: Form
    open: bool
    done: str = ""
    title: str = "Parler pour une entreprise"
    lead: str = "Une fois confirmé, vous corrigez sa fiche, publiez ses besoins et répondez à ce qu’on lui propose."
    trail: tuple[Link, ...] = field(default=(DESK, Link("Parler pour une entreprise")))


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    """`desk/firm_links.html`: the claims to decide, and the domains that prove some at once."""

    lines: tuple[MembershipRow, ...]
    domains: tuple[MembershipRow, ...]
    form: Form
    done: str = ""
    title: str = "Qui parle pour l’entreprise"
    lead: str = "Confirmez une demande quand vous connaissez la personne, ou après un appel à l’entreprise."
    trail: tuple[Link, ...] = field(default=(DESK, Link("Qui parle pour l’entreprise")))


@dataclass(frozen=True, slots=True)
class SignUpPage:
    """`desk/sign_up.html`: an inhabitant's address and territory."""

    form: Form
    organisations: tuple[Option, ...]
    title: str = "S’inscrire comme habitant"
    lead: str = "Un compte d’habitant permet de proposer et de répondre sur votre territoire."


@dataclass(frozen=True, slots=True)
class ForgottenPage:
    """`desk/forgotten.html`: the address to which a link is sent; with a token, the new password."""

    form: Form
    token: str = ""
    title: str = "Mot de passe oublié"
    lead: str = "Un lien vous est envoyé ; il sert une fois, dans l’heure."


@dataclass(frozen=True, slots=True)
class Said:
    """`desk/said.html`: one thing was done; what to expect, and where to go."""

    title: str
    lead: str
    links: tuple[Link, ...] = ()


def role_options(roles: Sequence[Role] | frozenset[Role]) -> tuple[Option, ...]:
    """Return roles as choices, those most often given first."""
    return tuple(Option(role.value, ROLE_LABELS[role]) for role in _OFTEN if role in roles)


def invitation(offer: Offer, token: str, form: Form, provider: str = "") -> InvitationPage:
    """Build the page of an invitation."""
    firm = f" de l’entreprise {french.identifier(offer.siren)}" if offer.siren else ""
    return InvitationPage(
        title="Rejoindre Vigie",
        lead=f"{offer.organisation} vous invite comme {role_label(offer.role)}{firm}.",
        email=offer.email,
        known=offer.known,
        token=token,
        form=form,
        provider=provider,
    )


def invitation_lines(found: Sequence[Invited]) -> tuple[MembershipRow, ...]:
    """Return invitations as a list shows them."""
    return tuple(
        MembershipRow(
            id=one.id,
            title=one.email,
            notes=(role_label(one.role), *_firm(one.siren), f"jusqu’au {french.long_date(one.expires_at)}"),
            state=_STATES[one.state],
        )
        for one in found
    )


def member_lines(found: Sequence[Member]) -> tuple[MembershipRow, ...]:
    """Return members as a list shows them; one's own row offers nothing to change."""
    return tuple(
        MembershipRow(
            id=one.id,
            title=one.name or one.email,
            notes=(one.email, role_label(one.role), *_firm(one.siren),
                   f"depuis le {french.long_date(one.since)}"),
            state="suspendu" if one.state == "suspended" else "",
            role=one.role,
            siren=one.siren,
            suspended=one.state == "suspended",
            open=not one.mine,
        )
        for one in found
    )  # fmt: skip


def organisation(found: Described, form: Form, may_change: bool, done: str = "") -> OrganisationPage:
    """Build the page of the organisation."""
    charter = found.charter
    shown = {
        "nom": charter.name,
        "territoire": territory_label(charter.territory),
        "cog": str(charter.cog or ""),
        "base_legale": charter.legal_basis,
        "duree": str(charter.retention_months),
        "visa": charter.retention_visa,
        "fuseau": charter.zone,
        "version": found.version,
    }
    bases = (
        Option(LegalBasis.PUBLIC_MISSION.value, "mission d’intérêt public (article 6-1-e du RGPD)"),
        Option(LegalBasis.LEGITIMATE_INTEREST.value, "intérêt légitime (article 6-1-f du RGPD)"),
    )
    zones = tuple(Option(zone, label) for zone, label in ZONES.items())
    return OrganisationPage(Form({**shown, **form.typed}, form.faults), bases, zones, may_change, done)


def organisations(found: Sequence[Described], form: Form, link: str = "", done: str = "") -> OrganisationsPage:
    """Build the page of every organisation."""
    lines = tuple(
        MembershipRow(
            id=one.id,
            title=one.charter.name,
            notes=(
                KIND_LABELS[OrganisationKind(one.kind)],
                territory_label(one.charter.territory) or "sans territoire",
            ),
            open=one.kind != OrganisationKind.HOST.value,
            territory=territory_label(one.charter.territory),
        )
        for one in found
    )
    kinds = tuple(Option(kind.value, label) for kind, label in KIND_LABELS.items())
    return OrganisationsPage(lines, form, kinds, link, done)


def tokens(found: Sequence[Token], form: Form, secret: str = "", done: str = "") -> TokensPage:
    """Build the page of tokens."""
    lines = tuple(
        MembershipRow(
            id=one.id,
            title=one.label,
            notes=(
                one.owner,
                f"créé le {french.long_date(one.created_at)}",
                *((f"jusqu’au {french.long_date(one.expires_at)}",) if one.expires_at else ()),
            ),
            state=_TOKEN_STATES[one.state],
            open=one.state == "active",
        )
        for one in found
    )
    return TokensPage(lines, form, secret, done)


def claim_lines(found: Sequence[Claim], firms: Mapping[str, str], *, named: bool) -> tuple[MembershipRow, ...]:
    """Return claims as a list shows them, with the name of the firm, and the person for those who decide."""
    return tuple(
        MembershipRow(
            id=one.id,
            title=firms.get(one.siren) or f"Entreprise {french.identifier(one.siren)}",
            notes=(
                *_firm(one.siren),
                *((one.name or "nom effacé", one.email) if named else ()),
                PROOFS[Proof(one.proof)].sentence,
                f"demandé le {french.long_date(one.created_at)}",
            ),
            state=_CLAIM_STATES[one.state],
            waiting=one.state == "waiting",
            siren=one.siren,
        )
        for one in found
    )


def domain_lines(found: Sequence[DeclaredDomain]) -> tuple[MembershipRow, ...]:
    """Return domains as a list shows them."""
    waits = "en attente de confirmation par l’hébergeur"
    return tuple(
        MembershipRow(one.id, one.domain, (*_firm(one.siren), *(() if one.confirmed else (waits,)))) for one in found
    )


def sign_up(found: Sequence[Described], form: Form) -> SignUpPage:
    """Build the page of an inhabitant's sign-up."""
    return SignUpPage(form, tuple(Option(one.id, one.charter.name) for one in found))


def territory_label(key: str) -> str:
    """Return the name of a territory as people know it; empty without one."""
    return territory_name(key) if key else ""


def _firm(siren: str) -> tuple[str, ...]:
    return (f"SIREN {french.identifier(siren)}",) if siren else ()


def answerer_rows(told: Sequence[AnswererTold]) -> tuple[AnswererRow, ...]:
    """Return who answers for which communes, the organisation's desk first."""
    return tuple(
        AnswererRow(one.name or "Sans nom", _answers_for(one), f"/bureau/membres/{one.person or DESK_WORD}/communes")
        for one in told
    )


def _answers_for(one: AnswererTold) -> str:
    names = [territory_name(f"commune:{code}") for code in one.communes[:6]]
    more = "…" if len(one.communes) > len(names) else ""
    said_days = french.counted(one.days, "jour ouvré", "jours ouvrés")
    delay = f"répond sous {said_days}" if one.days else "aucun délai promis"
    if not one.person:
        return french.capital(delay)
    where = f"{french.listed(names)}{more}" if names else "tout le territoire" if one.set else "aucune commune encore"
    named = "nommé au public" if one.public else "non nommé au public"
    return " ; ".join(filter(None, (french.capital(where), delay if one.set else "", named if one.set else ""))) + "."
