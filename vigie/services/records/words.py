"""What the journal's kinds of acts and accesses are called; a test holds the list complete."""

from __future__ import annotations

FAMILIES = {
    "call": "Appels",
    "contact": "Contacts",
    "declaration": "Déclarations des entreprises",
    "digest": "Récapitulatifs",
    "dossier": "Dossiers",
    "emergency": "Accès d’urgence",
    "exchange": "Échanges et notes",
    "introduction": "Mises en relation",
    "journal": "Journal",
    "letter": "Courriels",
    "letters": "Courriels (listes)",
    "moderation": "Modération",
    "objection": "Oppositions",
    "password": "Mots de passe",
    "person": "Personnes",
    "portfolio": "Portefeuilles",
    "reminder": "Rappels",
    "session": "Sessions",
    "sessions": "Sessions (toutes)",
}
LABELS = {
    "call.answer.confirmed": "réponse à un appel confirmée",
    "call.answered": "appel : réponse reçue",
    "call.answers.read": "réponses à un appel lues",
    "call.closed": "appel clos",
    "call.published": "appel publié",
    "call.withdrawn": "appel retiré",
    "contact.added": "contact ajouté",
    "contact.read": "contact lu",
    "declaration.added": "déclaration ajoutée",
    "declaration.changed": "déclaration changée",
    "declaration.withdrawn": "déclaration retirée",
    "digest.accepted": "récapitulatif par courriel accepté",
    "dossier.opened": "dossier ouvert",
    "dossier.read": "dossier lu",
    "dossier.restored": "dossier rétabli",
    "emergency.ended": "accès d’urgence terminé",
    "emergency.opened": "accès d’urgence ouvert",
    "emergency.read": "lecture par accès d’urgence",
    "exchange.edited": "échange corrigé",
    "exchange.recorded": "échange consigné",
    "exchange.withdrawn": "échange retiré",
    "introduction.abandoned": "mise en relation abandonnée",
    "introduction.accepted": "accord donné",
    "introduction.concluded": "mise en relation conclue",
    "introduction.met": "rencontre notée",
    "introduction.proposed": "mise en relation proposée",
    "introduction.rated": "satisfaction donnée",
    "introduction.read": "mise en relation lue",
    "introduction.refused": "accord refusé",
    "introduction.reminded": "rappel d’accord envoyé",
    "introduction.renewed": "lien d’accord renouvelé",
    "introduction.withdrawn": "accord retiré",
    "journal.exported": "journal exporté",
    "letter.read": "courriel lu",
    "letters.read": "liste des courriels lue",
    "moderation.decided": "décision de modération",
    "objection.confirmed": "opposition confirmée",
    "objection.made": "opposition déposée",
    "objection.rejected": "opposition rejetée",
    "objection.reviewed": "opposition examinée",
    "objection.withdrawn": "opposition levée",
    "password.changed": "mot de passe changé",
    "password.renewed": "mot de passe rechiffré",
    "person.renamed": "nom changé",
    "portfolio.made": "portefeuille créé",
    "portfolio.withdrawn": "portefeuille retiré",
    "reminder.added": "rappel ajouté",
    "reminder.withdrawn": "rappel retiré",
    "session.closed": "déconnexion",
    "session.opened": "connexion",
    "sessions.closed": "toutes les sessions fermées",
}


def label_of(kind: str) -> str:
    """Return what a kind is called; an act of an older version keeps its own name."""
    return LABELS.get(kind, kind)


def family_label(family: str) -> str:
    """Return what a family of kinds is called."""
    return FAMILIES.get(family, family)
