"""`vigie org demonstration`: an imaginary organisation with its people, to try everything out."""

from __future__ import annotations

from vigie import bootstrap
from vigie.domain import french
from vigie.interfaces.cli.options import AsJson, DataDir, settings_for
from vigie.interfaces.cli.output import print_json, say, show_table


def demonstration(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Crée une organisation imaginaire, un compte par rôle et six mois de travail, parmi des données imaginaires.

    Les mots de passe sont tirés au hasard et ne s’affichent qu’une fois. Relancée, la commande ne change rien.

    Exemple : vigie org demonstration --data-dir var/demo
    """
    made = bootstrap.demonstration(settings_for(data_dir))
    if as_json:
        print_json(made.as_dict())
        return
    if made.already:
        say(
            f"La démonstration est déjà là ({made.organisation}) : ses mots de passe ont été dits à sa création. "
            "Pour la refaire, retirez journal.db du dossier des données, "
            "lancez « vigie journal anew --yes », puis relancez cette commande."
        )
        return
    say(
        f"{made.organisation} : {french.counted(made.dossiers, 'dossier')}, "
        f"{french.counted(made.introductions, 'mise en relation', 'mises en relation')}, tout est imaginaire. "
        "Connectez-vous sur /connexion :"
    )
    rows = [(one.role, one.email, one.password) for one in made.accounts]
    show_table(("Rôle", "Adresse", "Mot de passe"), rows)
    say("Ces mots de passe ne seront plus affichés.")
