"""What is odd about a whole file that was loaded all the same, said once for the file: its words, its age."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from vigie.domain.actors import NOMENCLATURE_NAMES
from vigie.domain.french import counted, number, short_date
from vigie.errors import Remark
from vigie.sources.origins import age_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vigie.sources.cards_reader import Card

_SHOWN = 5
_DATED_BY_DATA = ("sirene_etablissement", "sirene_unite_legale", "urssaf_emploi")  # their latest date is their age
_WHOLE_DAY = 10  # length of an ISO day; a vintage may also be a year
_SAME_MONTH = 7  # days between the publications of two files of one stock


class Unheard(NamedTuple):
    """Rows whose nomenclature is written as no documentation says: the word, how it was read, how many, a code."""

    word: str
    read_as: str
    rows: int
    example: str


def unheard_sentence(groups: Sequence[Unheard]) -> str:
    """Return what was written, on how many rows, and how their codes were read."""
    total = sum(group.rows for group in groups)
    told = [
        f"{_word(group.word)} ({number(group.rows)}, par exemple {group.example}, lu en "
        f"{NOMENCLATURE_NAMES.get(group.read_as, group.read_as)})"
        for group in groups[:_SHOWN]
    ]
    others = len(groups) - _SHOWN
    more = f" et {counted(others, 'autre')}" if others > 0 else ""
    return (
        f"nomenclature d’activités que l’Insee ne documente pas, sur {counted(total, 'ligne')}\u00a0: "
        f"{', '.join(told)}{more}. Chaque code est lu d’après ce mot, sa forme et sa date\u00a0; aucune ligne n’est "
        "écartée pour cela. Vérifiez que Vigie est à jour."
    )


def _word(word: str) -> str:
    return f"«\u00a0{word}\u00a0»" if word else "rien"


def order_remarks(described: Mapping[str, Any], former: Mapping[str, Any]) -> list[Remark]:
    """Say which files are older than those they replace, or than the others of their stock.

    `described` and `former` are what the generation to come and the one in service say of themselves. Days are those
    of publications, where they are known, else of the data.
    """
    before = {file["source"]: file for file in former.get("inputs", ())}
    if (described["territory"], described["simulated"]) != (former.get("territory"), former.get("simulated")):
        before = {}
    vintages = (described["vintage"], former.get("vintage", {}))
    said = [(file["file"], _older(file["source"], file, before, vintages)) for file in described["inputs"]]
    return [Remark(name, "", what) for name, what in said if what] + _apart(described["inputs"])


def late_remarks(described: Mapping[str, Any], cards: Iterable[Card], today: date) -> list[Remark]:
    """Say which real files in service are older than their source's rhythm allows; it becomes true with time alone."""
    if described["simulated"]:
        return []
    fresh = {card.source: card.fresh_days for card in cards if card.fresh_days}
    found = []
    for file in described["inputs"]:
        source = file["source"]
        day = file.get("published") or (described["vintage"].get(source) if source in _DATED_BY_DATA else None)
        said = age_sentence(day, fresh.get(source), today)
        if said:
            found.append(Remark(file["file"], "", said))
    return found


def _older(
    source: str,
    file: Mapping[str, Any],
    before: Mapping[str, Mapping[str, Any]],
    vintages: tuple[Mapping[str, str | None], Mapping[str, str | None]],
) -> str:
    known = all((file["published"], before.get(source, {}).get("published")))
    if source not in before or not (known or source in _DATED_BY_DATA) or before[source]["sha256"] == file["sha256"]:
        return ""
    days = (file["published"], before[source].get("published"))
    new, old = days if all(days) else (vintages[0].get(source), vintages[1].get(source))
    if not new or not old or len(new) != len(old) or new >= old:
        return ""
    told = [short_date(day) if len(day) == _WHOLE_DAY else day for day in (new, old)]
    return (
        f"ses données sont du {told[0]}, plus anciennes que celles qu’il remplace ({told[1]}). Si ce n’est pas voulu, "
        "chargez de nouveau le fichier le plus récent."
    )


def _apart(files: Sequence[Mapping[str, Any]]) -> list[Remark]:
    """Say on the oldest file of a stock that the others were published another month."""
    dated = [file for file in files if file["source"].startswith("sirene_") and file["published"]]
    if not dated:
        return []
    first, last = (pick(dated, key=lambda file: str(file["published"])) for pick in (min, max))
    if (date.fromisoformat(last["published"]) - date.fromisoformat(first["published"])).days <= _SAME_MONTH:
        return []
    what = (
        f"publié le {short_date(first['published'])}, mais «\u00a0{last['file']}\u00a0» le "
        f"{short_date(last['published'])}\u00a0: téléchargez des fichiers du même mois."
    )
    return [Remark(first["file"], "", what)]
