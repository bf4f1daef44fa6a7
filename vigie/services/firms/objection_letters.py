"""The letters of objections: one asks to confirm, the other takes back; each carries a link that serves once."""

from __future__ import annotations

LINK_DAYS = 7
OBJECTING, TAKING_BACK = "Vigie : confirmez votre opposition", "Vigie : levez votre opposition"


def objecting(link: str) -> str:
    """Return the text of the letter that asks to confirm an objection."""
    return (
        "Bonjour,\n\n"
        "Quelqu’un, vous peut-être, a demandé qu’une entreprise ne soit plus montrée dans Vigie, en donnant cette "
        "adresse.\n\n"
        f"Pour confirmer, ouvrez cette page et appuyez sur le bouton :\n{link}\n\n"
        "L’effet est immédiat : l’entreprise quitte la recherche, les cartes, les listes et les fichiers. Le "
        "développeur économique du territoire relit ensuite la demande. Cette adresse seule permettra de la lever ; "
        "une empreinte de l’adresse est gardée pour cela, tant que l’opposition est en vigueur.\n\n"
        f"Le lien sert une fois et vaut {LINK_DAYS} jours. Si vous n’avez rien demandé, ne faites rien : sans "
        "confirmation, rien ne change.\n"
    )


def taking_back(link: str) -> str:
    """Return the text of the letter that takes an objection back."""
    return (
        "Bonjour,\n\n"
        "Une entreprise n’est plus montrée dans Vigie, à la demande de cette adresse. Pour qu’elle le soit de nouveau, "
        f"ouvrez cette page et appuyez sur le bouton :\n{link}\n\n"
        f"Le lien sert une fois et vaut {LINK_DAYS} jours. Si vous n’avez rien demandé, ne faites rien : l’opposition "
        "demeure.\n"
    )
