"""What the journal adds to the page of a firm: what it says, its calls, and for its officer the dossier."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.requests import Request

from vigie.domain import french
from vigie.domain.access import Right, Role, Thing
from vigie.domain.declarations import DeclarationSubject
from vigie.interfaces.desk_views.calls import call_row
from vigie.interfaces.desk_views.firm_column import ProposedMeeting, VisitSheet, column, last_exchange, people, promised
from vigie.interfaces.desk_views.firms import own as own_words
from vigie.interfaces.desk_views.introductions import ask_address, relations, tie_row
from vigie.interfaces.desk_views.needs import contact_sentence
from vigie.interfaces.desk_views.situation import situation_address
from vigie.interfaces.present import establishment_line, place_of
from vigie.interfaces.present_events import event_line
from vigie.interfaces.present_firm import (
    DIRECTORY,
    AboutFirm,
    FromDesk,
    around_lines,
    firm_lead,
    firm_title,
    words_of,
)
from vigie.interfaces.views import FirmClaim, IntroductionLine, Link, OwnWords
from vigie.interfaces.web.asker import asker
from vigie.interfaces.web.desk.acts import done_sentence
from vigie.interfaces.web.desk.asking import may_ask
from vigie.services.calls.reading import CallFilter
from vigie.services.firms.situation import situation_of, summary_of

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.connect.proposals import PartnerProposal
    from vigie.services.desk import Desk

_SHOWN = 3


def from_desk(request: Request, about: AboutFirm) -> FromDesk:
    """Return what the reader may read of the journal on the page of a firm."""
    desk: Desk = request.app.state.desk
    scope, found = asker(request).scope, about.firm
    own = own_words(desk.declarations.read(scope, found.siren))
    asks = may_ask(scope, found.siren) and not found.unit.masked and found.unit.state != "C"
    seen = FromDesk(
        claim=_claim(desk, scope, about, own),
        own=own,
        calls=_calls(desk, scope, found.siren),
        ask_href=ask_address(found.siren) if asks else "",
        done=done_sentence(request),
        matter_href=f"/bureau/entreprise/{found.siren}/matiere" if own and own.edit_href else "",
    )
    if not scope.may(Thing.DOSSIERS, Right.READ):
        return seen
    number = about.site.siret if about.on_site and about.site else found.siren
    return FromDesk(
        claim=seen.claim,
        own=own,
        calls=seen.calls,
        relations=relations(found.siren, desk.introductions.reading.ties(scope, found.siren))
        if scope.may(Thing.INTRODUCTIONS, Right.WRITE)
        else None,
        column=column(number, desk.followup.dossiers.beside(scope, found.siren), desk.journal.today(scope)),
        done=seen.done,
        matter_href=seen.matter_href,
    )


def visit_sheet(request: Request, about: AboutFirm, proposed: tuple[PartnerProposal, ...] = ()) -> VisitSheet:
    """Return the sheet that prepares a visit, in the order in which one prepares it."""
    desk: Desk = request.app.state.desk
    scope, siren = asker(request).scope, about.firm.siren
    declared = desk.declarations.read(scope, siren)
    own = own_words(replace(declared, entries=tuple(one for one in declared.entries if not one.topic)))
    told = {one.field for one in declared.entries if not one.topic}
    situation = summary_of(situation_of(siren, declared.entries), told)
    record = desk.followup.dossiers.beside(scope, siren)
    ties = desk.introductions.reading.ties(scope, siren) if scope.may(Thing.INTRODUCTIONS, Right.READ) else ()
    title, here = firm_title(about), f"/entreprise/{siren}"
    subject = DeclarationSubject
    return VisitSheet(
        title=title,
        lead=firm_lead(about, None),
        trail=(DIRECTORY, Link(title, here), Link("Fiche de visite")),
        back=here,
        made=(
            *words_of(own, subject.MAKES, subject.KNOW_HOW, subject.CAPABILITIES, subject.CLIENTS, subject.CHAIN)[
                : 2 * _SHOWN
            ],
            *situation.known,
        ),
        people=people(record) if record else (),
        last=last_exchange(record) if record else (),
        promised=promised(record) if record else (),
        needs=words_of(own, subject.NEEDS, subject.OFFERS, subject.RESOURCES, subject.FLOWS)[: 2 * _SHOWN],
        calls=_calls(desk, scope, siren)[:_SHOWN],
        events=tuple(map(event_line, about.events))[:_SHOWN],
        meet=around_lines(about.around)[: _SHOWN + 1],
        ties=tuple(map(tie_row, ties))[:_SHOWN],
        ask=situation.left,
        ask_href=situation_address(siren) if declared.may_write else "",
        proposed=tuple(ProposedMeeting(one.name, f"/etablissement/{one.siret}", one.sentence) for one in proposed),
        where=_where(about),
        map=about.drawing,
    )


def _calls(desk: Desk, scope: Scope, siren: str) -> tuple[IntroductionLine, ...]:
    found = desk.calls.reading.published(scope, CallFilter(siren=siren))
    return tuple(call_row(call, "") for call in found.calls)


def _claim(desk: Desk, scope: Scope, about: AboutFirm, own: OwnWords) -> FirmClaim:
    """Return what whoever heads this firm can do here, and who answers them: the organisation of the place."""
    siren = about.firm.siren
    joining = "/inscription" if not scope.person else f"/bureau/rattachement?siren={siren}"
    speaks = own.edit_href and scope.role is Role.HEAD
    links: tuple[Link, ...] = (
        Link("Dire un besoin", "/bureau/appels/nouveau" if speaks else f"/besoin?siren={siren}"),
        Link("Corriger", own.edit_href or joining),
        Link("Choisir ce qui se voit", own.edit_href or joining),
    )
    if scope.person and scope.role not in (Role.HEAD, Role.INHABITANT):
        links = ()  # who works for an organisation speaks for no firm
    masked = about.firm.unit.masked or (about.site is not None and about.site.masked)
    commune = about.site.commune if about.site and not masked else None
    answers = scope.may(Thing.DOSSIERS, Right.WRITE)  # they are who answers there
    contact = desk.covering.contact((commune,)) if commune and not answers else None
    who = contact_sentence(contact) if contact else ""
    phone = french.telephone(contact.phone) if contact else ""
    return FirmClaim(links, Link("Ne plus figurer", own.object_href), who, phone)


def _where(about: AboutFirm) -> tuple[str, ...]:
    site = about.site
    if site is None:
        return ()
    lines = [place_of(site)]
    if site.latitude is not None and site.longitude is not None:
        lines.append(f"Position : {french.number(site.latitude, 4)} ; {french.number(site.longitude, 4)}")
    near = [establishment_line(one) for one in about.around.street[:1]]
    return (*lines, *(f"À côté de {one.name} ({one.distance})" for one in near))
