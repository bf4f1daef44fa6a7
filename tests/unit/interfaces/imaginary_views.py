"""One imaginary view for each template, with every optional part filled."""

from __future__ import annotations

from markupsafe import Markup

from tests.unit.interfaces.imaginary_talk import VIEWS as TALK
from vigie.interfaces import graphics, pages
from vigie.interfaces.maps import MapContent, MapShape, Point, Town
from vigie.interfaces.plots import Bar, ChartWording, Estimate, Series
from vigie.interfaces.present_activity import ActivityPage
from vigie.interfaces.present_comparing import ComparePage, TypedPlace
from vigie.interfaces.present_indicator import IndicatorPage
from vigie.interfaces.present_laboratory import LaboratoryChoice, LaboratoryPage
from vigie.interfaces.present_method import MethodPage
from vigie.interfaces.views import (
    Choice,
    EstablishmentLine,
    EventLine,
    Fact,
    Figure,
    FirmClaim,
    FirmColumn,
    IntroductionLine,
    Link,
    NextStep,
    Pager,
    PlaceLine,
    Plate,
    Reach,
    ReaderPath,
    RecordGroup,
    SourceLine,
    TableView,
    UnderstoodChip,
)
from vigie.interfaces.web.aids import AidPage
from vigie.interfaces.web.home import Home
from vigie.interfaces.web.methods import ProposalMethodPage
from vigie.interfaces.web.perimeter import PerimeterPage
from vigie.interfaces.web.questions import QuestionField, QuestionPage
from vigie.interfaces.web.sites import SiteLine, SitesPage
from vigie.services.connect.method import FeatureTold
from vigie.services.outlines import OutlineSheet

SQUARE = "M0 0h100v100h-100z"
SHEET = OutlineSheet(None, 1000, (350_000.0, -6_650_000.0, 450_000.0, -6_550_000.0), {"carre": SQUARE})
TRAIL = (Link("Territoires", "/territoires"), Link("Vendée"))
FACTS = (Fact("Employeurs", "19\u202f220", "/constat", "au 1 octobre 2026"), Fact("Artisanat", "non connu"))
SOURCES = (SourceLine("Base Sirene", "/source/sirene", "Insee", "Licence Ouverte 2.0", "1 octobre 2026"),)
LINES = (
    EstablishmentLine(
        "ATELIER <IMAGINAIRE>", "/etablissement/1", "25.11Z Structures", "85500 Les Herbiers", "10 à 19", "1", "2 km"
    ),
    EstablishmentLine(
        "Entreprise qui a demandé la discrétion",
        "/etablissement/2",
        "non connue",
        "Pouzauges",
        "non connu",
        closed="fermé",
    ),
)
EVENTS = (
    EventLine("12 septembre 2026", "création", Link("ATELIER", "/e"), "Trois salariés.", Link("Pouzauges", "/t")),
    EventLine(
        "13 septembre 2026",
        "radiation",
        Link("<B>", "/e"),
        what="10 à 19 salariés",
        onward=Link("Qui", "/q"),
        source="Source : annonce légale",
        proof=Link("lire l’annonce", "https://exemple.invalid/a"),
    ),
)
PLACES = (PlaceLine("Vendée", "/territoire/departement/85", "département", "85", "713\u202f000 habitants"),)
PAGER = Pager((Choice("1", "/a?page=1", True), Choice("…", ""), Choice("9", "/a?page=9")), "", "/a?page=2")
WITHHELD = ("Une <raison>.", "Le nom n’est pas publié.")
DOWNLOADS = (Link("Données (CSV)", "/x.csv"),)
CHART = graphics.bars_graphic(
    ChartWording("Le bois d’abord", "Établissements.", "établissements"),
    [Bar("Bois", 12, 3, 4, "/constat"), Bar("Fer", None)],
    ("Activité", "Employeurs", "Autres", "France"),
    DOWNLOADS,
)
MAP = graphics.points_graphic(
    MapContent(
        "Les établissements de cette page",
        "Deux points.",
        SHEET,
        base=[MapShape("Carré", SQUARE)],
        towns=[Town("Pouzauges", -0.8, 46.8, 5000)],
        points=[Point("ATELIER", -0.5, 46.5, "/etablissement/1", "1")],
    )
)
ABOVE = graphics.intervals_graphic(
    ChartWording("Le bois : 12 de plus", "En emplois.", "emplois", 0),
    [Estimate("Une activité dont le nom ne tient pas sur une ligne de téléphone", 12, 3, 20, href="/a")],
    ("la référence", 0.0),
)
SERIES = graphics.lines_graphic(
    ChartWording("Le fer progresse", "Par an.", "établissements"),
    [Series("Fer", [(2020, 1), (2021, None), (2022, 3)])],
    ("France", 2),
)
TABLE = TableView(
    "Ailleurs", ("", "Valeur", "Rang"), ((Link("Vendée", "/t"), Link("12", "/c"), "1"),), (False, True, True)
)
TINTED = graphics.choropleth_graphic(
    MapContent(
        "L’industrie au nord",
        "Part.",
        SHEET,
        shapes=[MapShape("Carré", SQUARE, "q4", "12 %", "/t", "Carré", "12"), MapShape("Autre", SQUARE)],
    ),
    {"q4": "0 à 12 %"},
    TABLE,
)
PLATE = Plate("activites", "Activités", "Au 1 octobre.", "Une phrase.", FACTS, (CHART, TINTED), (TABLE,), TRAIL)
FORM = pages.SearchForm(
    "chaudronnerie",
    naf="25.11",
    taille=(pages.SearchOption("11", "10 à 19 salariés", True),),
    etat=(pages.SearchOption("", "ouverts", True),),
    siege=(pages.SearchOption("", "tous"),),
    artisanat=(pages.SearchOption("", "tous"),),
    employeur=(pages.SearchOption("", "tous"),),
    sections=(pages.SearchOption("C", "Industrie manufacturière"),),
    tri="distance",
    faults={"naf": "Ce code n’existe pas : essayez 25.", "cree_apres": "Écrivez 2026-01-31."},
    open=True,
)
HOST = pages.InformationPage("observatoire@exemple.fr", "Agence imaginaire", "Hébergeur imaginaire")

REFERENCES = (pages.SearchOption("FR", "France"), pages.SearchOption("departement:85", "Vendée", chosen=True))

VIEWS: dict[str, object] = {
    "aid": AidPage(
        title="Four <sobre>", lead="Changer de four : 10 % d’énergie en moins", trail=TRAIL, imaginary=True,
        decides_not="Vigie ne décide pas : l’organisme le fait.", facts=FACTS, text=("Un texte <b>simple</b>",),
        conditions=TableView("Conditions", ("Condition", "Réponse"), (("Au plus 49 salariés", "à vérifier"),)),
        firm="ATELIER <IMAGINAIRE>", typed="<123>", fault="« <123> » n’est ni un SIREN, ni un SIRET.",
        action="/aide/four", url="https://aides.exemple.invalid/four", sources=SOURCES,
    ),
    "question": QuestionPage(
        "Ce qui a fermé : Pouzauges",
        "Deux sites <ont> fermé.",
        TRAIL,
        "/territoire/commune/85182/fermetures",
        (QuestionField("depuis", "Depuis le", "Un an sinon.", "2026-01-01", "Cette date n’existe pas.", "date"),),
        ("Le paramètre « couleur » n’existe pas ici.",),
        TableView("Fermetures", ("Activité", "Sites"), (("Bois <brut>", "2"),), (False, True)),
        "Ce qui n’est pas daté n’est pas compté.",
        SOURCES,
        DOWNLOADS,
    ),
    "home": Home(
        "Une phrase.", "Tenu.", (ReaderPath("J’étudie", TRAIL),),
        "Deux sites.", EVENTS, TRAIL[0], "Une <CC>", MAP, "Sources du jour"
    ),
    "directory": pages.SearchResultsPage(
        "Deux établissements.",
        FORM,
        True,
        ("Nom approché.",),
        (
            UnderstoodChip("lieu", "Montaigu <Vendée>", "/a?q=", "/territoire/commune/85146", TRAIL),
            UnderstoodChip("inconnu", "zzz", muted=True),
        ),
        (Link("Usinage, à 12 km", "/a"),),
        Link("Le portrait", "/t"),
        (Link("Vendée", "/a"),),
        (Choice("distance", "/a", True),),
        LINES,
        MAP,
        PAGER,
        DOWNLOADS,
        SOURCES,
    ),
    "firm": pages.FirmPage(
        "FIRME <SARL>", "Une phrase.", TRAIL, (RecordGroup("L’entreprise", FACTS),), LINES,
        FirmClaim(TRAIL, Link("Ne plus figurer", "/opposition/1"), "Votre interlocuteur : <la Communauté>."),
        "Entreprise de 2 sites", True, "Cessée.", WITHHELD, PAGER, MAP, EVENTS, "/e", "/api",
        calls=(IntroductionLine("Un <four>", "/appels/1", ("besoin",)),), around=LINES, street=LINES,
        column=FirmColumn(
            "123456789", "/visite", "/dossier", "Suivi.", NextStep("1", "Rappeler <vite>", "le 3", True, 2),
            ("Visite, le 2", "Des <mots>"), (Reach("Une personne", "Atelier", "02 51", "a@example.org"),),
            ("bois",), "/etape", TRAIL,
        ),
        done="Noté.", sources=SOURCES,
    ),
    "activity": ActivityPage(
        "Mécanique <industrielle>", "Une phrase.", TRAIL, Link("Les entreprises", "/a"),
        (Plate("b", "Où", "Une note.", tables=(TABLE,), links=TRAIL),), TRAIL, SOURCES,
    ),
    "method": MethodPage(
        "Indice de <Krugman>", "Une phrase.", TRAIL, Markup("<math><mi>K</mi></math>"), "Somme des écarts.",
        ("Limite.",), TRAIL, FACTS,
    ),
    "proposal_method": ProposalMethodPage(
        "Comment", "Une phrase.", (("Entre <firmes>", (FeatureTold("Même <métier>", "Ce qu’elle voit."),)),), TABLE,
        ("Une <phrase>.",),
    ),
    "laboratory": LaboratoryPage(
        "Métropoles ou <réseaux> ?", "On ne peut pas conclure.", TRAIL,
        (
            LaboratoryChoice("niveau", "Niveau", (("ze", "zone <d’emploi>"),), ("ze",)),
            LaboratoryChoice("de", "De", (("2019", "2019"),), ("",), "La première"),
            LaboratoryChoice("atouts", "Atouts", (("a", "Part <a>"),), ("a",), many=True),
        ),
        (("voisins", "knn:7"),), ("Année <fausse>.",), "Population.", (ABOVE,), TABLE, "Une phrase.",
        ("Deux <territoires> laissés.",), ("Placebo non fait.",), "Une méthode.", TRAIL, DOWNLOADS, SOURCES,
    ),
    "sites": SitesPage(
        "Sites près de <Luçon>", "Deux sites.", TRAIL, "/sites",
        (QuestionField("pres", "Près de", "Une commune.", "Luçon", "Cette commune n’existe pas.", "text"),),
        ("Le paramètre « couleur » n’existe pas ici.",), (Fact("Près de", "<Luçon>"),),
        (SiteLine("1", "Halle <brute>", "Friche · 1 200 m²", "À 2 km", "Non connu : surface", "71 sur 100"),),
        MAP, "Un site sur deux.", "Un inventaire.", SOURCES, DOWNLOADS,
    ),
    "perimeter": PerimeterPage(
        "Un périmètre", "Deux communes.", TRAIL, "85109\n<85191>", "85001", "Ligne 2, « <zz> ».", TRAIL, TABLE,
        "Un zéro perdu.", DOWNLOADS, SOURCES,
    ),
    "compare": ComparePage(
        "Comparer : Vendée et <Lozère>", "Une phrase.", TRAIL,
        (TypedPlace("Vendée", "Vendée, <département>"), TypedPlace()),
        TypedPlace("France"), ("Donnez un autre <code>.",), TRAIL,
        REFERENCES, (("avec", "85"),), CHART,
        (Plate("b", "Autre", "Une note.", tables=(TABLE,)),), TRAIL, "Une note.", DOWNLOADS, "/api", SOURCES,
    ),
    "portrait": pages.PortraitPage(
        "Vendée", "Département 85", "Une phrase.", TRAIL, ("Deux.",),
        MAP, "Ancien code.", "/e", "/a", "/api", ("Une limite.",), SOURCES, TRAIL,
        (Figure("Emplois", "19\u202f561", "/constat/jobs", "+1,5 % · <Vendée>"),),
        (Plate("c", "Ce qui a changé", events=EVENTS, graphics=(ABOVE,), links=TRAIL),),
        pages.MapSection(
            "<Bois> en tête", "Une note.", REFERENCES, TABLE, "emplois", TINTED, (("comparer", "FR"),),
            Link("Les 12 communes", "/t?lignes=toutes#carte"), TRAIL,
        ),
        "/t/chiffres", (("montrer", "emplois"),), REFERENCES,
    ),
    "figures": pages.FiguresPage(
        "Tous les chiffres", "Une phrase.", TRAIL, (PLATE, Plate("b", "Autre", graphics=(SERIES,))), REFERENCES,
        ("Une limite.",), DOWNLOADS, "/api", SOURCES,
    ),
    "finding": pages.FindingPage(
        "Employeurs", "Une phrase.", TRAIL, None, "établissements", FACTS, "a / b", "Définition.", "Non chargé.",
        ("Limite.",), (CHART,), TABLE, Link("Employeurs", "/i"), Link("Lignes", "/a"), "/api", SOURCES,
    ),
    "events": pages.Events(
        "Événements", "Une phrase.", TRAIL, (Choice("tous", "/e", True),), EVENTS, "2026-09-01",
        Link("Depuis votre visite", "/e"), (("siren", "123456789"),), "/evenements", True, "85", "Date fausse.", PAGER,
        "/api", SOURCES,
    ),
    "territories": pages.Territories("Un territoire.", "vendee", PLACES, (("Départements", PLACES),)),
    "sources": pages.Sources("Deux sources.", SOURCES, SOURCES),
    "source": pages.SourcePage(
        "Sirene", "Une phrase.", TRAIL, FACTS, (TABLE,), ("Une lacune.",), TABLE, TABLE, "Insee.", "Chargez-la."
    ),
    "indicators": pages.Indicators("Un.", (("Thème", (pages.IndicatorLine("Emploi", "/i", "Déf.", "emplois"),)),)),
    "indicator": IndicatorPage(
        "Employeurs", "Une phrase.", TRAIL, "a / b", FACTS, ("Limite.",), ("Référence.",), SOURCES, REFERENCES, "85",
        "<Bois> en tête", "Un <territoire> inconnu.", TABLE, Link("3 autres", "/v"), TINTED, "", "Une note.",
        DOWNLOADS, "/api",
    ),
    "error": pages.Failure(404, "Introuvable", "Rien ici.", ("Cherchez ailleurs.",), (Link("Accueil", "/"),)),
    "no_data": pages.Failure(503, "Aucune donnée", "Rien.", ("Chargez.",), (Link("Aide", "/aide"),), ("vigie status",)),
    "accessibility": HOST,
    "legal": HOST,
    "privacy": HOST,
    "help": HOST,
    **TALK,
}  # fmt: skip
