"""The register of processing (GDPR, article 30), written from what the organisation set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.access import Right, Thing
from vigie.services.followup.answers import JsonAnswer
from vigie.services.followup.informing import BASES
from vigie.services.retention.rules import ARCHIVED
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.store.journal.port import Journal

_OFFICERS = "les agents chargés du développement économique et l’administrateur de l’organisation"


@dataclass(frozen=True, slots=True)
class Treatment(JsonAnswer):
    """One processing: why, on what legal basis, of whose data, how long, for whose eyes."""

    name: str
    purpose: str
    basis: str
    people: str
    data: str
    retention: str
    recipients: str


@dataclass(frozen=True, slots=True)
class ProcessingRegister(JsonAnswer):
    """The register of an organisation."""

    organisation: str
    months: int
    visa: str
    archives: bool
    treatments: tuple[Treatment, ...]


class Registering:
    """Writes the register of an organisation."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def read(self, scope: Scope) -> ProcessingRegister:
        """Return the register, as the organisation's settings make it."""
        scope.require(Thing.ACCOUNTS, Right.READ)
        with self._journal.reading(scope) as reader:
            return of(reader.get(Organisation, scope.organisation))


def of(organisation: Organisation) -> ProcessingRegister:
    """Return the register of an organisation."""
    return ProcessingRegister(
        organisation=organisation.name,
        months=organisation.retention_months,
        visa=organisation.retention_visa,
        archives=organisation.kind in ARCHIVED,
        treatments=tuple(processings(organisation).values()),
    )


def processings(organisation: Organisation) -> Mapping[str, Treatment]:
    """Return each processing by its word, which the tables that it fills name (`DataLife.processing`)."""
    basis = BASES.get(organisation.legal_basis, organisation.legal_basis)
    months, followed = organisation.retention_months, _followed(organisation)
    return {
        "followup": Treatment(
            "Suivi des entreprises et des porteurs de projet",
            "Répondre aux demandes, garder trace des échanges, relancer à temps.",
            basis,
            "Dirigeants, porteurs de projet, propriétaires et leurs interlocuteurs.",
            "Nom, fonction, courriel, téléphone professionnels ; comptes rendus d’échanges.",
            followed,
            f"{_OFFICERS} ; un partenaire invité, pour le dossier qu’on lui ouvre, sans les notes internes",
        ),
        "prospecting": Treatment(
            "Prospection",
            "Présenter des services et des implantations à des entreprises.",
            basis,
            "Interlocuteurs d’entreprises qui n’ont pas demandé la diffusion partielle.",
            "Nom, fonction, courriel, téléphone professionnels.",
            f"Effacées après {months} mois sans signe de la personne. Qui refuse n’est plus sollicité, aussitôt.",
            _OFFICERS,
        ),
        "introductions": Treatment(
            "Mises en relation et appels",
            "Rapprocher deux parties qui l’acceptent ; publier un besoin et recevoir des réponses ; apprendre, pour "
            "l’organisation seule, quelles raisons rapprochent (il n’en est gardé que des poids et des comptes).",
            basis,
            "Dirigeants et personnes qui répondent.",
            "Nom, courriel, réponse donnée, satisfaction.",
            followed,
            f"{_OFFICERS} ; l’autre partie, une fois les deux accords donnés",
        ),
        "needs": _needs(basis, followed),
        "consultations": _consultations(basis),
        "workshops": _workshops(basis),
        "land": _land(),
        "accounts": Treatment(
            "Comptes et connexions",
            "Reconnaître qui se connecte, protéger les comptes, rendre compte des accès.",
            "l’exécution du service demandé (article 6, paragraphe 1, point b, du RGPD)",
            "Personnes qui ont un compte.",
            "Nom, courriel, empreinte du mot de passe, dates de connexion, accès aux fiches.",
            "Le compte : jusqu’à sa fermeture. Les connexions : 30 jours après leur fin. Les événements ne portent "
            "que des identifiants.",
            "l’administrateur de l’organisation ; l’hébergeur, pour la sécurité",
        ),
        "attestations": _attesting(),
        "letters": Treatment(
            "Courriels et tableurs apportés",
            "Informer, demander un accord, reprendre l’existant.",
            basis,
            "Destinataires ; personnes citées dans les tableurs.",
            "Adresse et texte du courriel ; lignes du tableur.",
            "Courriels : 30 jours après l’envoi. Tableurs : effacés une fois appliqués, ou après 30 jours.",
            _OFFICERS,
        ),
    }


def _land() -> Treatment:
    return Treatment(
        "Inventaire des terrains et locaux",
        "Tenir l’inventaire des zones d’activités économiques (code de l’urbanisme, article L318-8-2).",
        "le respect d’une obligation légale (article 6, paragraphe 1, point c, du RGPD)",
        "Propriétaires, acquéreurs, occupants, contacts.",
        "Nom et adresse du propriétaire, noms des occupants ; dans les fichiers apportés, acquéreur et contacts.",
        "Retirés de l’inventaire, avec ou sans leur fichier : effacés 30 jours après.",
        _OFFICERS,
    )


def _needs(basis: str, followed: str) -> Treatment:
    return Treatment(
        "Besoins dits sans compte",
        "Répondre à qui dit un besoin, et lui dire où il en est.",
        basis,
        "Dirigeants, porteurs de projet, habitants qui écrivent ; agents qui acceptent d’être nommés.",
        "Texte du besoin, courriel, nom et téléphone s’ils sont donnés, entreprise, commune ; prénom, initiale et "
        "téléphone professionnel de l’agent.",
        f"{followed} Sans confirmation de l’adresse : 30 jours. Retiré par la personne : effacé aussitôt.",
        f"{_OFFICERS} ; le texte seul, sans le nom, pour d’autres entreprises si la personne l’a choisi",
    )


def _consultations(basis: str) -> Treatment:
    return Treatment(
        "Consultations",
        "Recueillir l’avis de personnes qui restent inconnues, et publier ce qu’un grand nombre en dit.",
        basis,
        "Personnes qui votent ou proposent une idée, avec ou sans compte.",
        "Texte des idées, et le compte de qui les propose connecté. Votes : une empreinte du secret que garde "
        "l’appareil, sous une clé de la consultation ; ni nom, ni compte, ni adresse, ni moment.",
        "Votes et clé : effacés à la clôture. Idées non retenues : 30 jours. Idées retenues : publiques, tant que "
        "leur auteur ne les retire pas. Empreintes des réseaux d’où l’on vote : un jour.",
        f"{_OFFICERS}, pour les idées ; personne ne lit un vote",
    )


def _workshops(basis: str) -> Treatment:
    return Treatment(
        "Ateliers de prospective",
        "Faire réfléchir une salle ensemble sans savoir qui a dit quoi.",
        basis,
        "Personnes qui entrent avec un code, sans compte.",
        "Textes proposés, sans auteur. Réponses : une empreinte du secret que garde l’appareil, sous une clé de "
        "l’atelier ; ni nom, ni compte, ni adresse, ni moment.",
        "Réponses et clé : effacées à la clôture, il en reste des comptes par case. Propositions non retenues : "
        "30 jours.",
        f"{_OFFICERS}, pour les propositions et les comptes d’au moins trois réponses",
    )


def _attesting() -> Treatment:
    return Treatment(
        "Attestation des dirigeants, demandes de ne plus figurer",
        "S’assurer que qui parle pour une entreprise le peut ; laisser qui s’est opposé revenir en arrière.",
        "l’intérêt légitime des entreprises à n’être représentées que par elles-mêmes (article 6, "
        "paragraphe 1, point f, du RGPD)",
        "Dirigeants admis par l’organisation ; personnes qui s’opposent sans compte.",
        "Nom, courriel, entreprise, preuve du lien ; de qui demande à ne plus figurer, une empreinte de l’adresse.",
        "La demande : 30 jours après la décision. L’empreinte : tant que la demande est en vigueur.",
        "l’hébergeur, qui atteste ; les autres dirigeants de la même entreprise, avertis sans nom",
    )


def _followed(organisation: Organisation) -> str:
    if organisation.kind not in ARCHIVED:
        return f"{organisation.retention_months} mois après le dernier contact, puis effacés."
    if organisation.retention_visa:
        return (
            f"{organisation.retention_months} mois après le dernier contact, par le visa des archives "
            f"« {organisation.retention_visa} », puis effacés."
        )
    return (
        "Archives publiques : gardés tant que le visa des archives n’est pas enregistré ; "
        f"signalés comme échus {organisation.retention_months} mois après le dernier contact."
    )
