"""The menu of the desk: every page that has an entry, and the rights that open it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from vigie.domain.access import Right, Role, Scope, Thing
from vigie.interfaces.views import MenuGroup, MenuLine
from vigie.services.followup.badges import NO_BADGE, Badges


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One page of the desk: where it is, what it is called, one sentence on it, and the rights that show it.

    Without a thing the entry is shown to everybody signed in; `roles` narrows it further; `group` gathers it
    with others, in the menu and on the home page.
    """

    group: str
    address: str
    label: str
    summary: str
    thing: Thing | None = None
    rights: tuple[Right, ...] = ()
    roles: tuple[Role, ...] = ()

    def shown_to(self, scope: Scope) -> bool:
        """Tell whether the asker may open the page."""
        if self.roles and scope.role not in self.roles:
            return False
        return self.thing is None or scope.may(self.thing, *self.rights)


_R, _W, _RO, _WO, _RS, _A, _M = Right
_WORK, _LISTS, _WATCH = "Le travail de la semaine", "Vos listes", "À relire"
_WORK_OF = {
    Role.HEAD: "Votre entreprise",
    Role.ELECTED: "Votre territoire",
    Role.ANALYST: "Vos études",
    Role.INHABITANT: "Votre commune",
    Role.PARTNER: "Ce qui est partagé avec vous",
}
"""What the first group is called for those whose job is no week of follow-up."""
_HOUSE, _SELF = "L’organisation", "Vous"
HOME = "/bureau"
NEEDS, STATE_NEED = "/bureau/besoins", "/besoin"
MENU: tuple[MenuEntry, ...] = (
    MenuEntry(
        _WORK,
        "/bureau/mon-entreprise",
        "Mon entreprise",
        "Corriger la fiche, choisir ce qui se voit, ne plus figurer.",
        Thing.DECLARATIONS,
        (_RO,),
        (Role.HEAD,),
    ),
    MenuEntry(
        _WORK, "/bureau/appels", "Mes besoins", "Dire un besoin ou une offre, lire les réponses.", roles=(Role.HEAD,)
    ),
    MenuEntry(_WORK, "/bureau", "Ma semaine", "Ce qui vous attend, ce qui a changé.", Thing.DOSSIERS, (_W,)),
    MenuEntry(
        _WORK, "/bureau/dossiers", "Dossiers", "Les entreprises et les projets suivis.", Thing.DOSSIERS, (_R, _RS)
    ),
    MenuEntry(
        _WORK,
        "/bureau/mises-en-relation",
        "Mises en relation",
        "Qui peut aider qui, et où en est chaque accord.",
        Thing.INTRODUCTIONS,
        (_R, _RO),
    ),
    MenuEntry(
        _WORK,
        "/bureau/mises-en-relation",
        "Résultats",
        "Ce que donnent les rencontres, par trimestre.",
        Thing.INTRODUCTIONS,
        (_A,),
        (Role.ELECTED, Role.ANALYST),
    ),
    MenuEntry(
        _LISTS,
        "/bureau/dossiers",
        "Mon dossier",
        "Ce que l’organisation suit avec vous.",
        Thing.DOSSIERS,
        (_RO,),
        (Role.HEAD,),
    ),
    MenuEntry(
        _WORK,
        NEEDS,
        "Besoins",
        "Ce qui a été dit, et qui y répond.",
        Thing.STATED_NEEDS,
        (_R,),
    ),
    MenuEntry(
        _WORK,
        "/indicateurs",
        "Indicateurs",
        "Ce qui est mesuré : la formule, les sources, chaque territoire.",
        roles=(Role.ANALYST,),
    ),
    MenuEntry(
        _LISTS,
        "/bureau/appels",
        "Appels publiés",
        "Les besoins et offres publics et ceux du réseau.",
        Thing.NETWORK_CALLS,
        (_R,),
        (Role.OFFICER, Role.ADMIN),
    ),
    MenuEntry(
        _WORK,
        "/bureau/appels",
        "Besoins et offres",
        "Les appels publics et ceux du réseau.",
        Thing.NETWORK_CALLS,
        (_R, _A, _RS),
        (Role.ANALYST, Role.ELECTED, Role.PARTNER),
    ),
    MenuEntry(
        _WORK,
        "/bureau/appels",
        "Besoins et offres",
        "Publier un appel, lire les réponses aux vôtres.",
        roles=(Role.INHABITANT,),
    ),
    MenuEntry(
        _LISTS,
        "/bureau/apprentissage",
        "Ce qui s’apprend",
        "Ce que les mises en relation disent des bonnes propositions.",
        Thing.LEARNING,
        (_R,),
    ),
    MenuEntry(
        _LISTS,
        "/bureau/consultations",
        "Consultations",
        "Préparer une question, lire les idées, publier ce qu’on en dit.",
        Thing.CONSULTATIONS,
        (_W,),
    ),
    MenuEntry(
        _LISTS,
        "/bureau/ateliers",
        "Ateliers de prospective",
        "Faire remplir une matrice par une salle, lire ce qui en sort.",
        Thing.WORKSHOPS,
        (_W,),
    ),
    MenuEntry(
        _LISTS,
        "/bureau/projets",
        "Projets",
        "Une vision, ses priorités, ses actions, et ce qu’elles donnent.",
        Thing.VISION,
        (_W,),
    ),
    MenuEntry(
        _WORK,
        "/projet",
        "Projet",
        "Ce que le territoire veut, ce qu’il fait, ce que cela donne.",
        roles=(Role.ELECTED, Role.ANALYST),
    ),
    MenuEntry(
        _WORK,
        "/consultations",
        "Consultations",
        "Donner son avis, lire ce qu’on en dit.",
        roles=(Role.INHABITANT, Role.ELECTED),
    ),
    MenuEntry(
        _LISTS,
        "/bureau/portefeuilles",
        "Portefeuilles",
        "Les entreprises et les territoires que vous surveillez ensemble.",
        Thing.DOSSIERS,
        (_W,),
    ),
    MenuEntry(
        _LISTS,
        "/bureau/imports",
        "Apporter un tableur",
        "Apporter un tableur, vérifier chaque ligne, puis l’appliquer.",
        Thing.DOSSIERS,
        (_W,),
    ),
    MenuEntry(
        _LISTS,
        "/bureau/locaux",
        "Terrains et locaux",
        "L’inventaire de l’organisation : vacants, à vendre, à louer.",
        Thing.DOSSIERS,
        (_W,),
    ),
    MenuEntry(
        _LISTS,
        "/bureau/interlocuteurs",
        "Interlocuteurs",
        "Qui conseille sur quoi, et ce que personne ne couvre.",
        Thing.DOSSIERS,
        (_W,),
    ),
    MenuEntry(
        _LISTS,
        "/interlocuteurs/lacunes",
        "Sans interlocuteur",
        "Les sujets et les communes que personne ne couvre.",
        Thing.INTRODUCTIONS,
        (_R, _A),
    ),
    MenuEntry(
        _LISTS,
        "/bureau/matiere",
        "Échanges de matière",
        "Les meilleurs échanges du territoire, les boucles à fermer.",
        Thing.INTRODUCTIONS,
        (_R, _A),
    ),
    MenuEntry(_LISTS, "/bureau/travaux", "Travaux", "Ce qui est long, et où cela en est.", Thing.DOSSIERS, (_W,)),
    MenuEntry(
        _WATCH,
        "/bureau/oppositions",
        "Ne plus figurer",
        "Relire les demandes de ne plus être montré.",
        Thing.DECLARATIONS,
        (_W,),
    ),
    MenuEntry(
        _WATCH,
        "/bureau/rattachements",
        "Qui parle pour l’entreprise",
        "Confirmer les demandes des dirigeants.",
        Thing.DOSSIERS,
        (_W,),
    ),
    MenuEntry(
        _WATCH,
        "/bureau/oppositions",
        "Ne plus figurer",
        "Relire les demandes, mettre fin à celles qui sont abusives.",
        Thing.INSTALLATION,
        (_W,),
    ),
    MenuEntry(
        _WATCH,
        "/bureau/attestations",
        "Attestations",
        "Vérifier qui parle pour une entreprise, et ses domaines.",
        Thing.INSTALLATION,
        (_W,),
    ),
    MenuEntry(_WATCH, "/bureau/courriels", "Courriels", "Les lettres envoyées ou en attente.", Thing.OUTBOX, (_R,)),
    MenuEntry(
        _WATCH, "/bureau/moderation", "Modération", "Les décisions prises et leur règle.", Thing.MODERATION, (_M,)
    ),
    MenuEntry(_WATCH, "/bureau/journal", "Journal", "Qui a lu ou fait quoi.", Thing.AUDIT, (_R, _RO)),
    MenuEntry(
        _WATCH,
        "/bureau/acces-urgence",
        "Accès d’urgence",
        "Dépanner une organisation : motivé, borné, visible.",
        Thing.INSTALLATION,
        (_R,),
    ),
    MenuEntry(
        _HOUSE,
        "/bureau/invitations",
        "Invitations",
        "Inviter un dirigeant ou un partenaire.",
        Thing.DOSSIERS,
        (_W,),
        (Role.OFFICER,),
    ),
    MenuEntry(_HOUSE, "/bureau/membres", "Membres", "Inviter, changer un rôle, suspendre.", Thing.ACCOUNTS, (_R,)),
    MenuEntry(
        _HOUSE,
        "/bureau/organisation",
        "Organisation",
        "Territoire, base légale, durée de garde.",
        Thing.ACCOUNTS,
        (_R,),
    ),
    MenuEntry(
        _HOUSE,
        "/bureau/conservation",
        "Durées de garde",
        "Registre des traitements, ce qui est échu, tout emporter.",
        Thing.ACCOUNTS,
        (_R,),
        (Role.ADMIN,),
    ),
    MenuEntry(
        _HOUSE,
        "/bureau/organisations",
        "Organisations",
        "Toutes les organisations de l’installation.",
        Thing.INSTALLATION,
        (_R,),
    ),
    MenuEntry(
        _SELF,
        "/bureau/rattachement",
        "Parler pour une entreprise",
        "Demander à représenter une entreprise.",
        roles=(Role.INHABITANT, Role.HEAD),
    ),
    MenuEntry(
        _SELF,
        "/bureau/jetons",
        "Accès pour un programme",
        "Laisser un programme lire à votre place.",
        Thing.TOKENS,
        (_R, _RO),
    ),
    MenuEntry(
        _SELF,
        "/bureau/mes-communes",
        "Mes communes",
        "De quelles communes vous répondez, et sous combien de jours.",
        Thing.DOSSIERS,
        (_W,),
    ),
    MenuEntry(_SELF, "/bureau/mon-compte", "Mon compte", "Nom, mot de passe, sessions ouvertes."),
)


def menu(scope: Scope, known: Collection[str], here: str = "", waiting: Badges = NO_BADGE) -> tuple[MenuLine, ...]:
    """Return the entries that the asker may open, among the addresses that exist; empty when nobody asks.

    `waiting` is told beside what leads to it.
    """
    counts = {HOME: waiting.week, "/bureau/mises-en-relation": waiting.introductions, NEEDS: waiting.needs}
    if not scope.person:
        return ()
    path = here.partition("?")[0]
    return tuple(
        MenuLine(
            entry.address, entry.label, entry.summary, _is_there(path, entry.address), counts.get(entry.address, 0)
        )
        for entry in MENU
        if entry.address in known and entry.shown_to(scope)
    )


def _is_there(path: str, address: str) -> bool:
    """Tell whether a page is at the address of an entry, or under it; every page of the desk is under its home."""
    return path == address or (address != HOME and path.startswith(f"{address}/"))


def grouped(lines: Collection[MenuLine], role: Role | None = None) -> tuple[MenuGroup, ...]:
    """Return entries of the menu by group, in the order of the menu; a group without entry is left out.

    The first one is called by what `role` comes to do.
    """
    group_of = {(entry.address, entry.label): entry.group for entry in MENU}
    titles = dict.fromkeys(group_of[line.href, line.label] for line in lines)
    return tuple(
        MenuGroup(
            _WORK_OF.get(role, title) if role and title == _WORK else title,
            tuple(line for line in lines if group_of[line.href, line.label] == title),
        )
        for title in titles
    )


def needs_address(lines: Collection[MenuLine]) -> str:
    """Return where « Besoins » leads: to those that were said for who answers them, to saying one for anybody else."""
    return NEEDS if any(line.href == NEEDS for line in lines) else STATE_NEED
