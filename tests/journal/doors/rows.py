"""Rows of the first organisation, each with a sentinel in every text, so that a leak shows wherever it comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from tests.journal.cast import HALL, HERE, SIREN_HERE, SIREN_PARTNER
from tests.journal.doors.office import Office
from tests.learned import learned
from vigie.domain.access import Role, Scope, Thing
from vigie.services.keys import Keys
from vigie.services.spreadsheets.reading import as_json, read_sheet
from vigie.store.journal.advising import Adviser
from vigie.store.journal.base import Base, new_id
from vigie.store.journal.consultations import BallotKey, Consultation, HallCode, Statement
from vigie.store.journal.firms import Declaration
from vigie.store.journal.followup import (
    Contact,
    Dossier,
    DossierShare,
    DossierTag,
    Exchange,
    ImportBatch,
    Portfolio,
    PortfolioMember,
    Reminder,
)
from vigie.store.journal.introductions import Call, CallAnswer, ConsentKey, Introduction, IntroductionRequest, Side
from vigie.store.journal.jobs import Job, JobTicket
from vigie.store.journal.land import LandFile, LandOffer, LandUnit
from vigie.store.journal.learning import LearnedModel
from vigie.store.journal.needs import StatedNeed
from vigie.store.journal.people import ApiToken, FirmDomain, FirmLink, Invitation, Membership, Person
from vigie.store.journal.port import Unit
from vigie.store.journal.records import Letter
from vigie.store.journal.vision import Priority, Vision, VisionAction
from vigie.store.journal.workshops import Workshop, WorkshopItem

SENTINELS: Mapping[Thing, str] = {
    Thing.DOSSIERS: "zqdossier",
    Thing.NOTES: "zqnote",
    Thing.INTRODUCTIONS: "zqrencontre",
    Thing.NETWORK_CALLS: "zqreseau",
    Thing.DECLARATIONS: "zqdeclaration",
    Thing.STATED_NEEDS: "zqbesoin",
    Thing.ACCOUNTS: "zqinvitation",
    Thing.TOKENS: "zqjeton",
    Thing.OUTBOX: "zqlettre",
}
"""What marks the texts of each thing."""
OWN: Mapping[Thing, frozenset[str]] = {
    Thing.DOSSIERS: frozenset({"head", "partner"}),
    Thing.INTRODUCTIONS: frozenset({"head", "head_partner", "partner"}),
    Thing.DECLARATIONS: frozenset({"head", "head_partner", "partner"}),
    Thing.NETWORK_CALLS: frozenset({"head", "partner"}),
    Thing.TOKENS: frozenset({"officer"}),
    Thing.PUBLIC_CALLS: frozenset({"head"}),
}
"""For which parts the rows below are their own, or were shared with them (a declaration to the network, its members).
"""


_DIALECT = {"encoding": "utf-8", "marked": False, "separator": ";", "newline": "\n", "ended": True}


def write(office: Office) -> dict[str, str]:
    """Write a set of rows, and return what their addresses hold: an identifier by kind of row."""
    with office.desk.journal.writing(Scope(Role.ADMIN, HERE, office.cast.officer.person, via="command")) as unit:
        unit.act("isolation.prepared")
        followed = _followed(unit, office)
        made = (
            followed
            | _introduced(unit, office, followed["dossier"].id)
            | _called(unit, office)
            | _accounts(unit, office)
            | _stated(unit, followed["dossier"].id)
            | _consulted(unit)
            | _projected(unit)
            | _foreseen(unit)
        )
        unit.flush()
    return {kind: row.id for kind, row in made.items()} | {
        "siren": SIREN_HERE,
        "organisation": HERE,
        "person": office.cast.partner.person,
        "officer": office.cast.officer.person,
    }


def _followed(unit: Unit, office: Office) -> dict[str, Base]:
    mark, note = SENTINELS[Thing.DOSSIERS], SENTINELS[Thing.NOTES]
    today, officer = unit.now.date(), office.cast.officer.person
    dossier = unit.add(Dossier(kind="firm", title=f"Atelier {mark}", summary=mark, siren=SIREN_HERE, owner_id=officer))
    other = unit.add(Dossier(kind="holder", title=f"Projet {mark}", summary=mark, owner_id=officer))
    unit.add(DossierShare(dossier_id=dossier.id, person_id=office.cast.partner.person))
    portfolio = unit.add(Portfolio(name=f"Portefeuille {mark}", owner_id=officer))
    return {
        "dossier": dossier,
        "other_dossier": other,
        "contact": unit.add(
            Contact(dossier_id=dossier.id, name=f"Contact {mark}", email=f"{mark}@example.org", phone="0102030405")
        ),
        "exchange": unit.add(
            Exchange(dossier_id=dossier.id, kind="note", happened_on=today, body=f"Note {note}", author_id=officer)
        ),
        "reminder": unit.add(Reminder(dossier_id=dossier.id, due_on=today, reason=f"Rappel {mark}", owner_id=officer)),
        "land": unit.add(
            LandUnit(**HALL, owner=f"Propriétaire {mark}",
                     owner_email=f"{mark}@example.org", occupants=mark)
        ),
        "land_offer": unit.add(LandOffer(unit_id="u" * 20, by="Ici", visibility="organisation", **HALL)),
        "land_file": unit.add(
            LandFile(layout="pole", head=["pole_id"], lines=f'[["{mark}"]]', count=1, dialect=_DIALECT)
        ),
        "adviser": unit.add(
            Adviser(
                service="Pôle", subjects="financement", name=f"Nom {mark}", email=f"{mark}@example.org", phone=mark
            )
        ),
        "model": unit.add(LearnedModel(report=learned({"distance": 2.0}).as_dict())),
        "tag": unit.add(DossierTag(dossier_id=dossier.id, label=mark)),
        "portfolio": portfolio,
        "member": unit.add(PortfolioMember(portfolio_id=portfolio.id, siren=SIREN_PARTNER)),
        "job": _job(unit, officer),
        "batch": unit.add(ImportBatch(file_name=f"{mark}.csv", content=_batch(mark, officer))),
    }  # fmt: skip


def _job(unit: Unit, officer: str) -> Job:
    """Write a job that no worker takes."""
    job = Job(id=new_id(), person_id=officer, role="developpeur", via="session", kind="essai", subject="x")
    unit.add(JobTicket(id=job.id, asked_from=HERE, asked_at=unit.now, ended=True))
    return unit.add(job)


def _batch(mark: str, brought_by: str) -> str:
    """Return the content of an import as it waits for its columns to be matched."""
    sheet = read_sheet(f"Nom;Ville\nAtelier {mark};Les Herbiers\n".encode(), "essai.csv")
    return json.dumps({"sheet": as_json(sheet), "lines": [], "by": brought_by})


def _introduced(unit: Unit, office: Office, dossier: str) -> dict[str, Base]:
    mark = SENTINELS[Thing.INTRODUCTIONS]
    introduction = unit.add(Introduction(state="proposed", reason=f"Raison {mark}"))
    first = unit.add(
        Side(
            introduction_id=introduction.id, position="a", siren=SIREN_HERE, dossier_id=dossier,
            label=f"Partie {mark} a",
            contact_name=f"Contact {mark}", contact_email=f"{mark}@example.org",
        )
    )  # fmt: skip
    asked = {"siren": SIREN_HERE, "sought_siren": SIREN_PARTNER, "person_id": office.cast.head.person}
    request = unit.add(IntroductionRequest(reason=f"Demande {mark}", **asked))
    unit.add(Side(introduction_id=introduction.id, position="b", siren=SIREN_PARTNER, label=f"Partie {mark} b"))
    return {"introduction": introduction, "side": first, "request": request}


def _called(unit: Unit, office: Office) -> dict[str, Base]:
    mark, opens, author = SENTINELS[Thing.NETWORK_CALLS], unit.now.date(), office.cast.head.person
    declared = SENTINELS[Thing.DECLARATIONS]
    call = unit.add(
        Call(
            kind="need", title=f"Appel {mark}", text=mark, visibility="network", siren=SIREN_HERE, author_id=author,
            opens_on=opens,
        )
    )  # fmt: skip
    public = unit.add(
        Call(
            kind="need", title="Appel public", text="Texte public", visibility="public", siren=SIREN_HERE,
            author_id=author, opens_on=opens, vouched_as="host", vouched_at=unit.now,
        )
    )  # fmt: skip
    answer = unit.add(
        CallAnswer(call_id=call.id, name=f"Réponse {mark}", email=f"{mark}@example.org", body=mark, siren=SIREN_PARTNER)
    )
    declaration = unit.add(
        Declaration(
            siren=SIREN_HERE, field="needs", text=f"Besoin {declared}", visibility="network", declared_by=author,
            updated_at=unit.now,
        )
    )  # fmt: skip
    unit.add(
        Declaration(
            siren=SIREN_HERE, field="flows", text=f"Flux {declared}", visibility="network", declared_by=author,
            way="gives", matter="030105", band="1-10", season="annee", updated_at=unit.now,
        )
    )  # fmt: skip
    unit.add(
        Declaration(
            siren=SIREN_HERE, field="chain", text=f"Étape {declared}", visibility="network", declared_by=author,
            topic="design", answer="held", updated_at=unit.now,
        )
    )  # fmt: skip
    return {"call": call, "public_call": public, "answer": answer, "declaration": declaration}


def _stated(unit: Unit, dossier: str) -> dict[str, Base]:
    mark = SENTINELS[Thing.STATED_NEEDS]
    said = {"text": f"Besoin {mark}", "name": f"Nom {mark}", "email": f"{mark}@example.org", "commune": "85109"}
    need = StatedNeed(state="received", confirmed_at=unit.now, dossier_id=dossier, siren=SIREN_HERE, **said)
    return {"need": unit.add(need)}


def _consulted(unit: Unit) -> dict[str, Base]:
    """Write an open consultation with a statement to vote and an idea, which its officers alone read."""
    mark, today = SENTINELS[Thing.STATED_NEEDS], unit.now.date()
    consultation = Consultation(
        id=new_id(), question="Que faire des ateliers ?", territory="commune:85109", college="all", becomes="Un débat",
        becomes_on=today + timedelta(days=60), opens_on=today - timedelta(days=1), closes_on=today + timedelta(days=30),
        state="open", visibility="public", opened_at=unit.now,
    )  # fmt: skip
    unit.add(consultation)
    unit.add(BallotKey(consultation_id=consultation.id, key="0" * 64))
    voted = Statement(
        consultation_id=consultation.id, text="Il faut garder les ateliers du bourg.", state="kept", kept_at=unit.now,
        visibility="public",
    )  # fmt: skip
    idea = unit.add(Statement(consultation_id=consultation.id, text=f"Une idée {mark} à lire", state="waiting"))
    return {"consultation": consultation, "statement": idea, "voted": unit.add(voted)}


def _projected(unit: Unit) -> dict[str, Base]:
    """Write a vision in force, with a priority and an action."""
    seen = {"visibility": "public"}
    vision = Vision(id=new_id(), title="Un pays qui fabrique", text="Des ateliers.", state="published",
                    published_at=unit.now, territory="commune:85109", **seen)  # fmt: skip
    unit.add(vision)
    priority = unit.add(Priority(id=new_id(), vision_id=vision.id, title="Remplir les ateliers", **seen))
    action = VisionAction(vision_id=vision.id, priority_id=priority.id, title="Racheter un atelier",
                          said_on=unit.now.date(), **seen)  # fmt: skip
    return {"vision": vision, "priority": priority, "action": unit.add(action)}


def _foreseen(unit: Unit) -> dict[str, Base]:
    """Write an open workshop with two factors, and a proposal that its officers alone read; a closed one."""
    mark, today = SENTINELS[Thing.STATED_NEEDS], unit.now.date()
    held = {
        "title": "Nos bourgs en 2040", "question": "Que devenir ?", "territory": "commune:85109",
        "held_on": today - timedelta(days=1), "ends_on": today + timedelta(days=30), "visibility": "public",
    }  # fmt: skip
    workshop = unit.add(Workshop(id=new_id(), state="open", opened_at=unit.now, **held))
    unit.add(BallotKey(consultation_id=workshop.id, key="0" * 64))
    unit.add(HallCode(consultation_id=workshop.id, code="bcdfghjk", expires_at=unit.now + timedelta(days=30), left=9))
    for rank, text in enumerate(("Le prix du sol", "Les jeunes qui partent"), start=1):
        unit.add(WorkshopItem(workshop_id=workshop.id, kind="factor", text=text, position=rank, visibility="public"))
    proposed = WorkshopItem(
        workshop_id=workshop.id, kind="factor", text=f"Facteur {mark}", position=3, from_room=True, state="waiting"
    )
    closed = Workshop(id=new_id(), state="closed", told={"people": 3, "cells": {}}, closed_at=unit.now, **held)
    return {"workshop": workshop, "workshop_item": unit.add(proposed), "closed_workshop": unit.add(closed)}


def _accounts(unit: Unit, office: Office) -> dict[str, Base]:
    later, cast = unit.now + timedelta(days=7), office.cast
    invited, labelled, written = (SENTINELS[thing] for thing in (Thing.ACCOUNTS, Thing.TOKENS, Thing.OUTBOX))
    member = unit.add(Person(name="Personne de passage", email_key=Keys.hash_token(Keys.new_token())))
    return {
        "invitation": unit.add(
            Invitation(
                email=f"{invited}@example.org", role="charge_etudes", expires_at=later, invited_by=cast.admin.person,
                key_hash=Keys.hash_token(Keys.new_token()),
            )
        ),
        "token": unit.add(
            ApiToken(
                person_id=cast.officer.person, label=labelled, scopes="lecture", expires_at=later,
                key_hash=Keys.hash_token(Keys.new_token()),
            )
        ),
        "letter": unit.add(
            Letter(recipient=f"{written}@example.org", subject=f"Objet {written}", body=f"Corps {written}")
        ),
        "membership": unit.add(Membership(person_id=member.id, role="charge_etudes")),
        "firm_link": unit.add(FirmLink(person_id=member.id, siren=SIREN_HERE, proof="declared")),
        "firm_domain": unit.add(FirmDomain(siren=SIREN_HERE, domain="zqdossier.example.org")),
        "link": unit.add(
            ConsentKey(
                purpose="consent", key_hash=Keys.hash_token(Keys.new_token()), created_at=unit.now, expires_at=later
            )
        ),
    }  # fmt: skip
