"""The desk: every use case that needs the journal, built once for an installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.accounts.sessions import Recognising
from vigie.services.accounts.use_cases import Accounts, accounts
from vigie.services.acts import ActRunner, Means
from vigie.services.advising.routing import Advising
from vigie.services.anonymous_files import AnonymousFiles
from vigie.services.attesting.vouching import Vouching
from vigie.services.calls import Calls, calls
from vigie.services.connect.adopting import Learning
from vigie.services.connect.at_once import AnsweringAtOnce
from vigie.services.connect.said import SituationsSaid
from vigie.services.consultations import Consultations, consultations
from vigie.services.firms.declarations import Declaring
from vigie.services.firms.flows import FlowsDeclared
from vigie.services.firms.objections import Objecting
from vigie.services.firms.relations import Covering, Hiding
from vigie.services.firms.suppression_list import SuppressionList
from vigie.services.followup.use_cases import FollowUp, follow_up
from vigie.services.introductions import Introductions, introductions
from vigie.services.introductions.links import Links
from vigie.services.jobs.asking import Jobs
from vigie.services.jobs.files import JobFiles
from vigie.services.mail.mail import Mail
from vigie.services.needs import StatedNeeds, needs_of
from vigie.services.records.use_cases import Recording, recording
from vigie.services.register import NoRegister
from vigie.services.retention.use_cases import Retention, retention
from vigie.services.sites.land_files import LandFiles
from vigie.services.spreadsheets.use_cases import Spreadsheets, spreadsheets
from vigie.services.vision import Visions, visions
from vigie.services.workshops import Workshops, workshops

if TYPE_CHECKING:
    from vigie.services.keys import Keys
    from vigie.services.register import FirmRegister
    from vigie.settings import Settings
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class Desk:
    """What the doors call for people, dossiers and introductions."""

    journal: Journal
    keys: Keys
    recognising: Recognising
    accounts: Accounts
    mail: Mail
    records: Recording
    declarations: Declaring
    flows: FlowsDeclared
    situations: SituationsSaid
    learning: Learning
    covering: Covering
    objections: Objecting
    hiding: Hiding
    vouching: Vouching
    register: FirmRegister
    suppressions: SuppressionList
    followup: FollowUp
    links: Links
    introductions: Introductions
    calls: Calls
    needs: StatedNeeds
    consultations: Consultations
    visions: Visions
    workshops: Workshops
    advising: Advising
    at_once: AnsweringAtOnce
    spreadsheets: Spreadsheets
    land_files: LandFiles
    retention: Retention
    acts: ActRunner
    jobs: Jobs
    files: AnonymousFiles

    def close(self) -> None:
        """Release the journal, and the data that were read for it."""
        self.register.close()
        self.journal.close()


def desk(
    journal: Journal,
    keys: Keys,
    settings: Settings,
    register: FirmRegister | None = None,
    suppressions: SuppressionList | None = None,
) -> Desk:
    """Build the desk on a journal; without a register of firms, nothing is known of them."""
    firms, objecting = register or NoRegister(), suppressions or SuppressionList(journal, keys)
    files = JobFiles(settings.data_dir)
    mail = Mail(journal, settings)
    links = Links(journal, mail)
    vouching = Vouching(journal, mail, firms)
    acts = ActRunner(journal, Means(mail, keys, firms, objecting.among, settings.contact, vouching))
    introducing = introductions(journal, keys, mail, links, firms)
    covering, flows, situations = Covering(journal, firms), FlowsDeclared(journal), SituationsSaid(journal)
    calling, advising = calls(journal, keys, mail, links, introducing, objecting), Advising(journal, firms)
    return Desk(
        journal=journal,
        keys=keys,
        recognising=Recognising(journal, keys),
        accounts=accounts(journal, keys, mail, settings, vouching),
        mail=mail,
        records=recording(journal, mail),
        covering=covering,
        declarations=Declaring(journal, firms, objecting),
        flows=flows,
        situations=situations,
        learning=Learning(journal, situations),
        objections=Objecting(journal, keys, mail, (firms, objecting), introducing.following.drop_objectors),
        vouching=vouching,
        hiding=Hiding(journal, mail, firms),
        register=firms,
        suppressions=objecting,
        followup=follow_up(journal, acts, objecting.among),
        links=links,
        introductions=introducing,
        calls=calling,
        needs=needs_of(journal, keys, acts, (covering, firms)),
        consultations=consultations(journal, keys, acts),
        advising=advising,
        at_once=AnsweringAtOnce(calling.reading, advising, flows),
        visions=visions(journal, introducing),
        workshops=workshops(journal, keys, acts),
        spreadsheets=spreadsheets(journal, keys, objecting.among, files),
        land_files=LandFiles(journal),
        retention=retention(journal),
        acts=acts,
        jobs=Jobs(journal, files),
        files=AnonymousFiles(journal, keys),
    )
