"""The menu of the desk: every page that has an entry, and the rights that open it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from vigie.domain.access import Right, Role, Scope, Thing
from vigie.interfaces.views import MenuLine


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the desk: where it is, what it is called, one sentence on it, and the rights that show it.

    Without a thing the entry is shown to everybody signed in; `roles` narrows it further.
    """

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
MENU: tuple[Entry, ...] = (
    Entry("/bureau/lundi", "Lundi matin", "Ce qui a changé et ce qui attend une réponse.", Thing.DOSSIERS, (_W,)),
    Entry("/bureau/dossiers", "Dossiers", "Les entreprises et les projets suivis.", Thing.DOSSIERS, (_R, _RO, _RS)),
    Entry("/bureau/relances", "À relancer", "Les demandes sans réponse, les plus anciennes d’abord.",
          Thing.DOSSIERS, (_W,)),
    Entry("/bureau/portefeuilles", "Portefeuilles", "Les entreprises et les territoires que vous surveillez ensemble.",
          Thing.DOSSIERS, (_W,)),
    Entry("/bureau/imports", "Imports", "Apporter un tableur, vérifier chaque ligne, puis l’appliquer.",
          Thing.DOSSIERS, (_W,)),
    Entry("/bureau/mises-en-relation", "Mises en relation", "Qui peut aider qui, et où en est chaque accord.",
          Thing.INTRODUCTIONS, (_R, _RO, _A)),
    Entry("/bureau/appels", "Besoins et offres", "Les appels publics et ceux du réseau.",
          Thing.NETWORK_CALLS, (_R, _A, _RS)),
    Entry("/bureau/mon-entreprise", "Mon entreprise", "Corriger la fiche, choisir ce qui se voit, s’opposer.",
          Thing.DECLARATIONS, (_RO,)),
    Entry("/bureau/oppositions", "Oppositions", "Relire les oppositions faites sans compte.",
          Thing.DECLARATIONS, (_W,)),
    Entry("/bureau/rattachement", "Parler pour une entreprise", "Demander à représenter une entreprise.",
          roles=(Role.INHABITANT,)),
    Entry("/bureau/rattachements", "Rattachements", "Confirmer qui parle pour quelle entreprise.",
          Thing.DOSSIERS, (_W,)),
    Entry("/bureau/courriels", "Courriels", "Les lettres envoyées ou en attente.", Thing.OUTBOX, (_R,)),
    Entry("/bureau/invitations", "Invitations", "Inviter un dirigeant ou un partenaire.",
          Thing.DOSSIERS, (_W,), (Role.OFFICER,)),
    Entry("/bureau/membres", "Membres", "Inviter, changer un rôle, suspendre.", Thing.ACCOUNTS, (_R,)),
    Entry("/bureau/organisation", "Organisation", "Territoire, base légale, durée de conservation.",
          Thing.ACCOUNTS, (_R,)),
    Entry("/bureau/conservation", "Conservation", "Registre des traitements, ce qui est échu, tout emporter.",
          Thing.ACCOUNTS, (_R,), (Role.ADMIN,)),
    Entry("/bureau/jetons", "Jetons", "Laisser un programme lire à votre place.", Thing.TOKENS, (_R, _RO)),
    Entry("/bureau/journal", "Journal", "Qui a lu ou fait quoi.", Thing.AUDIT, (_R, _RO)),
    Entry("/bureau/moderation", "Modération", "Les décisions prises et leur règle.", Thing.MODERATION, (_M,)),
    Entry("/bureau/organisations", "Organisations", "Toutes les organisations de l’installation.",
          Thing.INSTALLATION, (_R,)),
    Entry("/bureau/acces-urgence", "Accès d’urgence", "Dépanner une organisation : motivé, borné, visible.",
          Thing.INSTALLATION, (_W,)),
    Entry("/bureau/mon-compte", "Mon compte", "Nom, mot de passe, sessions ouvertes."),
)  # fmt: skip


def menu(scope: Scope, known: Collection[str], here: str = "") -> tuple[MenuLine, ...]:
    """Return the entries that the asker may open, among the addresses that exist; empty when nobody asks."""
    if not scope.person:
        return ()
    path = here.partition("?")[0]
    return tuple(
        MenuLine(entry.address, entry.label, entry.summary, f"{path}/".startswith(f"{entry.address}/"))
        for entry in MENU
        if entry.address in known and entry.shown_to(scope)
    )
