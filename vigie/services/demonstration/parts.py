"""The parts of the demonstration: firms that an officer follows, and what is told of each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoryFirm:
    """A firm in the story: who speaks for it, its activities, since when it is followed (days ago).

    It is chosen in the first of the activities that has a firm. `met` is told of the first visit, `later` of the
    exchange that followed; `tags` are put on the dossier.
    """

    key: str
    naf: tuple[str, ...]
    contact: str
    function: str
    since: int
    met: str
    later: str
    tags: tuple[str, ...] = ()


PARTS: tuple[StoryFirm, ...] = (
    StoryFirm(
        "metal", ("25.62", "25"), "Claude Imaginaire", "dirigeant", 172,
        "Visite de l’atelier. Deux centres d’usinage neufs, une équipe jeune. Cherche à ne plus dépendre d’un seul "
        "donneur d’ordre ; aimerait participer à la conception plutôt que d’exécuter des plans.",
        "Rappelle pour savoir si quelqu’un du territoire conçoit des machines spéciales.",
        ("métallurgie", "à visiter"),
    ),
    StoryFirm(
        "food", ("10.85", "10.1", "10.8", "10"), "Dominique Imaginaire", "dirigeante", 165,
        "Visite de l’atelier et du magasin. Veut passer à des emballages que ses clients puissent rapporter. "
        "Jette chaque semaine des coproduits qui pourraient servir à d’autres.",
        "Envoie la liste de ses coproduits, sans quantité. Demande qui pourrait les reprendre.",
        ("agroalimentaire", "économie circulaire"),
    ),
    StoryFirm(
        "machines", ("28.9", "28"), "Maxime Imaginaire", "responsable du bureau d’études", 160,
        "Rendez-vous au bureau d’études. Conçoit des machines à l’unité ; cherche un atelier proche pour les pièces "
        "de prototype, avec qui parler dès le dessin.",
        "Confirme le besoin : des pièces à l’unité, un dialogue rapide.",
        ("machines", "métallurgie"),
    ),
    StoryFirm(
        "paper", ("17.21", "17"), "Sacha Imaginaire", "directrice du développement", 158,
        "Visite de l’usine. Sait faire des emballages sans plastique en petites séries ; cherche un premier client "
        "voisin pour montrer que cela tient.",
        "Propose d’accueillir une entreprise alimentaire pour un essai.",
        ("emballage",),
    ),
    StoryFirm(
        "timber", ("16.10", "16"), "Lou Imaginaire", "gérante", 150,
        "Visite de l’atelier. Beaucoup de chutes de chêne trop courtes pour la charpente. Curieuse du mobilier.",
        "A mis de côté un lot de chutes à montrer.",
        ("filière bois",),
    ),
    StoryFirm(
        "furniture", ("31.0", "31"), "Charlie Imaginaire", "associée", 148,
        "Rendez-vous à l’atelier. Veut lancer une gamme faite de bois local, courte et réparable.",
        "Demande qui travaille le chêne dans le département.",
        ("filière bois",),
    ),
    StoryFirm(
        "plastic", ("22",), "Ange Imaginaire", "responsable de production", 142,
        "Visite. Rebuts de démarrage propres et triés, aujourd’hui envoyés loin. Voudrait une reprise locale.",
        "Envoie la nature des matières rebutées.",
        ("économie circulaire",),
    ),
    StoryFirm(
        "recycling", ("38.32", "38"), "Eden Imaginaire", "directeur", 140,
        "Visite du site. Sait broyer et regranuler, cherche des gisements réguliers et propres à moins de trente "
        "kilomètres.",
        "Confirme que le tri à la source suffit.",
        ("économie circulaire",),
    ),
    StoryFirm(
        "training", ("85.59A", "85.5", "85"), "Andrea Imaginaire", "responsable des formations", 135,
        "Rendez-vous. Peut monter une formation sur mesure si trois entreprises s’y joignent.",
        "Propose un calendrier.",
        ("compétences",),
    ),
    StoryFirm(
        "foundry", ("24.5", "24", "25"), "Noa Imaginaire", "dirigeante", 133,
        "Visite. Deux départs en retraite cette année, et personne pour reprendre le geste du moulage.",
        "Accepterait d’accueillir des apprentis avec un tuteur extérieur.",
        ("compétences", "métallurgie"),
    ),
    StoryFirm(
        "software", ("62.01", "62"), "Alix Imaginaire", "cofondatrice", 126,
        "Rendez-vous. Suit des machines par capteurs ; cherche un atelier volontaire pour un essai de trois mois.",
        "Relance : toujours disponible pour un essai.",
        ("numérique",),
    ),
    StoryFirm(
        "electronics", ("26", "27"), "Eli Imaginaire", "directeur technique", 124,
        "Visite. Fabrique des cartes en petites séries ; se demande comment suivre ses machines sans tout refaire.",
        "Trop chargé avant l’été, à revoir à l’automne.",
        ("numérique",),
    ),
    StoryFirm(
        "transport", ("49.41", "49"), "Stéphane Imaginaire", "exploitante", 112,
        "Rendez-vous. Des camions repartent à vide vers l’est le vendredi. Ouverte à un partage avec un voisin.",
        "Envoie les jours et les directions.",
        ("logistique",),
    ),
    StoryFirm(
        "wholesale", ("46.3", "46"), "Morgan Imaginaire", "responsable logistique", 108,
        "Appel. Cherche une solution plus sobre pour ses livraisons de fin de semaine.",
        "Donne son accord pour qu’on cherche.",
        ("logistique",),
    ),
    StoryFirm(
        "textile", ("13.2", "13", "14"), "Gwenn Imaginaire", "dirigeant", 104,
        "Visite. Savoir-faire rare en tissus épais ; voudrait une marque commune avec d’autres ateliers.",
        "Prépare un échantillon.",
        ("artisanat", "savoir-faire"),
    ),
    StoryFirm(
        "leather", ("15.12", "15", "14"), "Laurence Imaginaire", "artisane", 100,
        "Visite de l’atelier. Travaille seule avec une apprentie ; aimerait partager un lieu de vente.",
        "Intéressée par une rencontre avec un tisseur.",
        ("artisanat", "savoir-faire"),
    ),
    StoryFirm(
        "engineering", ("71.12", "71"), "Frédérique Imaginaire", "gérante", 92,
        "Rendez-vous. Calcule des structures légères ; voudrait travailler avec un chantier du territoire.",
        "Envoie trois références publiques.",
        ("ingénierie",),
    ),
    StoryFirm(
        "boats", ("30.1", "30"), "Pascale Imaginaire", "responsable des achats", 88,
        "Visite du chantier. Cherche à alléger un modèle, sans bureau d’études en interne.",
        "Veut rencontrer un calculateur de structures.",
        ("nautisme",),
    ),
    StoryFirm(
        "surface", ("25.61", "25"), "Yannick Imaginaire", "dirigeant", 84,
        "Visite. Traite des surfaces pour l’aéronautique ; place libre sur la ligne du soir.",
        "Souhaite trouver une fonderie voisine.",
        ("métallurgie",),
    ),
    StoryFirm(
        "building", ("43.99", "41.20", "43"), "Hyacinthe Imaginaire", "gérant", 70,
        "Appel. Cherche des bétons moins carbonés pour un chantier public à venir.",
        "Redemande s’il existe un fabricant proche.",
        ("bâtiment",),
    ),
    StoryFirm(
        "minerals", ("23.6", "23"), "Joss Imaginaire", "responsable qualité", 66,
        "Visite. Met au point un béton à base de coproduits ; a besoin d’un chantier d’essai.",
        "Prêt à recevoir une entreprise du bâtiment.",
        ("bâtiment", "économie circulaire"),
    ),
    StoryFirm(
        "chemistry", ("20",), "Ariel Imaginaire", "directrice du site", 62,
        "Visite de sécurité puis tour du site. Cherche un usage à ses emballages vides, propres.",
        "Précise la nature des emballages.",
        ("économie circulaire",),
    ),
    StoryFirm(
        "print", ("18.12", "18"), "Valery Imaginaire", "gérant", 58,
        "Rendez-vous. Sait imprimer des étiquettes courtes sans solvant.",
        "Cherche un premier client dans les boissons.",
        ("emballage",),
    ),
    StoryFirm(
        "drinks", ("11", "10.8", "10"), "Florence Imaginaire", "brasseuse", 54,
        "Visite. Change ses étiquettes chaque saison et ne trouve personne pour de petites séries.",
        "Prépare sa gamme de printemps.",
        ("agroalimentaire", "artisanat"),
    ),
    StoryFirm(
        "garage", ("45.20", "45", "33"), "Mickaël Imaginaire", "chef d’atelier", 48,
        "Appel. Répare des boucliers en plastique plutôt que de les remplacer ; cherche de la matière.",
        "Ne répond plus depuis trois semaines.",
        ("réparation",),
    ),
    StoryFirm(
        "bakery", ("10.71", "10"), "Marceau Imaginaire", "boulanger", 40,
        "Visite au fournil. Voudrait cuire pour d’autres la nuit, et reprendre les drêches d’une brasserie.",
        "Se dit prêt à essayer avec une brasserie.",
        ("agroalimentaire", "artisanat"),
    ),
    StoryFirm(
        "maintenance", ("33",), "Solène Imaginaire", "dirigeante", 34,
        "Rendez-vous. Embauche deux techniciens, cherche des locaux plus grands d’ici l’été.",
        "Demande ce qui est disponible près de l’échangeur.",
        ("immobilier",),
    ),
    StoryFirm(
        "hotel", ("55.10", "56.10", "56"), "Perrine Imaginaire", "gérante", 26,
        "Appel. Voudrait acheter plus près, pain et légumes, mais ne sait pas à qui s’adresser.",
        "Attend une liste de producteurs.",
        ("circuits courts",),
    ),
)  # fmt: skip
