"""Pages that say what went wrong, where, and what to do next; never a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.interfaces.pages import Failure
from vigie.interfaces.views import Link

if TYPE_CHECKING:
    from vigie.settings import Settings

_TITLES = {
    400: "Demande mal formée",
    401: "Connexion refusée",
    403: "Envoi refusé",
    404: "Introuvable",
    405: "Adresse à lire seulement",
    408: "Envoi trop lent",
    409: "Ce n’est plus possible",
    413: "Envoi trop lourd",
    414: "Adresse trop longue",
    422: "Demande incomprise",
    429: "Trop d’essais",
    431: "En-têtes trop longs",
    500: "Une erreur est survenue",
    503: "Momentanément indisponible",
    507: "Plus de place",
}
_WHATS = {
    400: "La demande n’a pas pu être lue.",
    401: "Ce compte n’est pas reconnu.",
    403: "Cet envoi vient d’un autre site.",
    404: "Aucune page n’a cette adresse.",
    405: "Cette page se lit ; elle n’accepte pas d’envoi.",
    408: "La demande n’est pas arrivée en entier dans le temps prévu.",
    409: "L’état de ce que vous vouliez changer ne le permet plus.",
    413: "Cet envoi dépasse la limite de cette adresse.",
    414: "Cette adresse dépasse 8 000 caractères.",
    422: "Un mot de l’adresse n’a pas pu être compris.",
    429: "Trop de demandes en peu de temps.",
    431: "Les en-têtes de cette demande, cookies compris, dépassent 16 000 caractères.",
    500: "La page n’a pas pu être préparée. L’incident est noté dans le journal du serveur.",
    503: "Le service n’est pas disponible pour l’instant.",
    507: "Le disque du service est plein.",
}
_REMEDIES = {
    400: ("Repartez de l’accueil ou de la recherche.",),
    403: ("Repartez de la page de ce site qui porte le formulaire.",),
    408: ("Recommencez ; si cela se répète, essayez d’une connexion plus rapide.",),
    413: ("Raccourcissez le texte ; un tableur s’apporte à la page « Imports » du bureau.",),
    414: ("Retirez des mots ou des filtres, ou repartez de la recherche.",),
    431: ("Effacez les cookies de ce site, puis rechargez la page.",),
    404: ("Vérifiez l’adresse, ou cherchez par le nom et la commune.",),
    401: ("Connectez-vous, puis recommencez.",),
    409: ("Rechargez la page d’où vous venez : elle dit ce qui est possible maintenant.",),
    429: ("Attendez le temps indiqué, puis recommencez.",),
    422: ("Corrigez l’adresse, ou repartez de la recherche.",),
    500: (
        "Rechargez la page dans un instant.",
        "Si cela se répète, écrivez à l’éditeur du site en donnant l’adresse de la page.",
    ),
    503: ("Rechargez la page dans un instant.",),
    507: ("Ce qui est déjà enregistré se lit toujours.", "Prévenez l’hébergeur, puis recommencez."),
}


_SEARCH = (Link("Chercher une entreprise", "/annuaire"), Link("Chercher un territoire", "/territoires"))
_HELP = Link("Aide", "/aide")
_PLACES = (
    ("/lien/opposition/", ("Refaites la demande : un nouveau lien vous sera envoyé.",),
     (Link("S’opposer à figurer dans Vigie", "/opposition"),)),
    ("/lien/attestation/", ("L’hébergeur peut aussi attester qui parle pour l’entreprise : écrivez-lui.",),
     (Link("Mentions légales", "/mentions-legales"),)),
    ("/lien/", ("Demandez un nouveau lien à la personne qui vous a écrit.",), (Link("Lire les appels", "/appels"),)),
    ("/invitation/", ("Si vous avez déjà un compte, connectez-vous ; sinon, demandez une nouvelle invitation.",),
     (Link("Se connecter", "/connexion"), Link("Mot de passe oublié", "/connexion/oubli"))),
    ("/connexion/oubli/", ("Demandez un nouveau lien : il sert une fois, dans l’heure.",),
     (Link("Recevoir un nouveau lien", "/connexion/oubli"),)),
    ("/bureau", ("Revenez au bureau : son menu mène à tout ce qui vous est ouvert.",),
     (Link("Revenir au bureau", "/bureau"),)),
)  # fmt: skip
"""What to do, and where to go, when the page asked for is below an address: links of letters, the desk."""


def failure(status: int, what: str, path: str = "") -> Failure:
    """Return the page of an error; `what` is the sentence of the service when it said one."""
    known = status if status in _TITLES else (500 if status >= 500 else 404)
    todo, links = _REMEDIES.get(known, ()), (*_SEARCH, _HELP)
    if known in (404, 409):
        for start, advice, ways in _PLACES:
            if path.startswith(start):
                todo, links = (todo if known == 409 and start == "/bureau" else advice), (*ways, _HELP)
                break
    return Failure(status=status, title=_TITLES[known], what=what or _WHATS[known], todo=todo, links=links)


def objected(what: str) -> Failure:
    """Return the page of a firm that objects to being shown: that it does, and nothing of it."""
    return Failure(
        status=404,
        title="Retirée à sa demande",
        what=what,
        todo=("Les entreprises ont le droit de s’opposer à figurer ici, sans dire pourquoi.",),
        links=(
            Link("Chercher une autre entreprise", "/annuaire"),
            Link("Le droit d’opposition", "/opposition"),
            Link("Aide", "/aide"),
        ),
    )


def unreadable(what: str, *, outdated: bool = False) -> Failure:
    """Return the page of an installation whose data cannot be read any more; nothing invites to load others.

    `outdated` ones are whole, and of an earlier version.
    """
    return Failure(
        status=503,
        title="Les données sont à charger de nouveau" if outdated else "Les données ne se lisent plus",
        what=what,
        todo=(
            "L’annuaire, les territoires et les événements reviendront avec les données.",
            "Le bureau, la connexion et les pages légales restent ouverts.",
        ),
        links=(Link("Se connecter", "/connexion"), _HELP),
    )


def no_data(settings: Settings) -> Failure:
    """Return the page of an installation where nothing was loaded yet: what would be here, how to bring it."""
    folder = settings.data_dir
    return Failure(
        status=503,
        title="Aucune donnée n’est encore chargée",
        what="Ici se liront les entreprises, les territoires et les événements, "
        "dès que des fichiers Sirene seront chargés.",
        todo=(
            "Pour essayer : simulez un département imaginaire, puis chargez-le.",
            "Pour de vrai : téléchargez les fichiers de l’Insee, puis chargez le dossier qui les contient.",
        ),
        commands=(
            "vigie simulate --territory 85 --out simulation",
            f"vigie refresh --sirene simulation --data-dir {folder.name or folder}",
        ),
        links=(Link("Aide", "/aide"),),
    )
