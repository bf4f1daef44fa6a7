"""Imaginary views of what is said and decided: consultations and visions, with every optional part filled."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.interfaces.desk_views import consultation_results as results
from vigie.interfaces.desk_views import consultations as talk
from vigie.interfaces.desk_views import visions, workshops
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.graphics import bars_graphic
from vigie.interfaces.plots import Bar, ChartWording
from vigie.interfaces.views import Choice, Fact, Link, Pager, TableView

TRAIL = (Link("Consultations", "/consultations"), Link("Les ateliers <vides>"))
WAYS = (Link("Proposer une idée", "/consultation/c/idee"), Link("Mes votes", "/consultation/c/mes-votes"))
TABLE = TableView("Propositions", ("Proposition", "Avis"), (("Ouvrir <le soir>", "large accord"),), (False, False))
FAULTY = Form(
    {"idee": "Un <mot>", "code": "x"}, {"": "Une faute <b>.", "idee": "Dites une idée.", "code": "Code faux."}
)
ROW = talk.ConsultationRow(Link("Que faire des <ateliers> ?", "/consultation/c"), "Jusqu’au 3 mars", "ouverte")
ACTION = visions.ActionView(
    "a",
    "Recenser les <ateliers>",
    "Faite.",
    ("Portée par le service.",),
    "Quarante sont décrits.",
    "Rien depuis 5 mois.",
    WAYS,
    (Link("Modifier", "/bureau/projet/a"),),
)
STEP = workshops.RoomStepRow("Influences <entre> facteurs", "3 sur 6 cases", "/atelier/a/remplir")
BARS = [Bar("Le <sol>", 3.0, reference=1.0)]
CHART = bars_graphic(ChartWording("Le <sol> agit", "Influence."), BARS, ("F", "I", "D"))
VIEWS: Mapping[str, object] = {
    "consultations": talk.ConsultationsPage(
        "Consultations", "Une phrase.", TRAIL, (ROW,), (ROW,), "/bureau/c/nouvelle"
    ),
    "consultation": talk.FirstScreen(
        "Que faire ?",
        "Une phrase.",
        TRAIL,
        ("Un contexte <b>.",),
        (("Qui", "Toutes et tous"),),
        ("Une règle.",),
        "Vos votes restent inconnus.",
        Link("Commencer", "/consultation/c/avis"),
        WAYS,
    ),
    "consultation_vote": talk.VotingPage(
        "Voter",
        "Une phrase.",
        "Proposition 2 sur 10",
        "s",
        "Ouvrir <le soir>",
        (("agree", "D’accord"),),
        "2 sur 10",
        FAULTY,
        "salle",
        newcomer=True,
        ways=WAYS,
    ),
    "consultation_mine": talk.OwnVotesPage(
        "Mes votes",
        "Une phrase.",
        TRAIL,
        (talk.OwnVoteRow("s", "Ouvrir <le soir>", "d’accord", "/consultation/c/avis"),),
        "abcd-efgh",
        open=True,
        form=FAULTY,
    ),
    "consultation_idea": talk.IdeaPage("Une idée", "Une phrase.", TRAIL, FAULTY, ("Une règle.",), ("Autre chose.",)),
    "consultation_followed": talk.FollowedIdea(
        "Votre idée",
        "Une phrase.",
        "Ouvrir <le soir>",
        "à lire",
        "Une raison.",
        may_withdraw=True,
        address="/lien/idee/x",
        back=WAYS[0],
    ),
    "consultation_result": results.ResultPage(
        "Ce qui ressort",
        "Une phrase.",
        TRAIL,
        "Compté le 3 mars",
        ("Deux <groupes>.",),
        "Vous êtes du premier.",
        (results.GroupTold("Groupe A", "40 personnes", "Tient à l’eau.", mine=True),),
        CHART,
        TABLE,
        Pager((Choice("1", "/a?page=1", True), Choice("2", "/a?page=2")), "", "/a?page=2"),
        "Un débat.",
        WAYS,
        WAYS,
    ),
    "visions": visions.VisionsPage(
        "Projets", "Une phrase.", TRAIL, ((WAYS[0], "en vigueur"),), "/bureau/projet/nouveau"
    ),
    "vision": visions.VisionPage(
        "Un pays <qui fabrique>",
        "Une phrase.",
        TRAIL,
        "Publié le 1er juillet",
        ("Un texte.",),
        ("L’eau d’abord.",),
        ("Un réseau de bourgs.",),
        WAYS[0],
        TABLE,
        (visions.PriorityView("p", "Remplir les ateliers", ("Un texte.",), (ACTION,), TABLE),),
        WAYS,
        (Fact("2025", "3 actions", "/projet/v"),),
        WAYS,
        "C’est fait.",
    ),
    "vision_story": visions.StoryPage("Le récit", "Une phrase.", TRAIL, (visions.StoryPart("Ce qui est fait", WAYS),)),
    "vision_results": visions.ResultsPage(
        "Cinq résultats", "Une phrase.", TRAIL, (Fact("Rencontres", "6", "/r"),), WAYS
    ),
    "workshops": workshops.WorkshopsPage(
        "Ateliers", "Une phrase.", TRAIL, (workshops.WorkshopRow(WAYS[0], "Une <note>", "ouvert"),), "/bureau/nouveau"
    ),
    "workshop": workshops.RoomPage(
        "Nos <bourgs>", "Que devenir ?", TRAIL, ("9 h : <accueil>",), (("Jours", "un"),), (STEP,), WAYS, "Ni nom.",
        joining=True, proposing=True, said="Reçu.",
        form=Form({}, {"": "Une faute <b>."}),
    ),
    "workshop_cell": workshops.CellPage(
        "« Le <sol> » agit-il ?", "Une phrase.", "Atelier", "influence:a:b", ((0, "pas", False), (1, "un peu", True)),
        "1 sur 6", FAULTY, WAYS,
    ),
    "workshop_screen": workshops.ScreenPage("Que <devenir> ?", "Atelier", "12 personnes", (STEP,), "exemple/atelier/a"),
    "workshop_cards": workshops.CardsPage("Cartes", "Une phrase.", TRAIL, (("Facteur 1", "Le <sol>"),)),
    "workshop_result": workshops.WorkshopResultPage(
        "Ce qui ressort", "Que devenir ?", TRAIL, ("Une <phrase>.",), CHART, TABLE, TABLE, TABLE, TABLE, TABLE, TABLE,
        ("Clos.",), WAYS[0],
    ),
}  # fmt: skip
