"""The activity and the comment of a spreadsheet, in the one text of a dossier, and back."""

from __future__ import annotations

_ACTIVITY = "Activité : "


def written(activity: str, comment: str) -> str:
    """Return the text of a dossier: its activity on a first line, then the comment."""
    return "\n".join(filter(None, [f"{_ACTIVITY}{activity}" if activity else "", comment]))


def parted(summary: str) -> tuple[str, str]:
    """Return the activity and the comment of a text."""
    if not summary.startswith(_ACTIVITY):
        return "", summary
    first, _, rest = summary.partition("\n")
    return first.removeprefix(_ACTIVITY), rest


def completed(summary: str, activity: str, comment: str) -> str:
    """Return a text with what it did not say yet; what it holds is kept as it is."""
    known, said = parted(summary)
    if comment and not _holds(said, comment):
        said = "\n\n".join(filter(None, [said, comment]))
    if activity and not known and not _holds(said, activity):
        known = activity
    elif activity and not _holds(f"{known}\n{said}", activity):
        said = "\n\n".join(filter(None, [said, f"{_ACTIVITY}{activity}"]))
    return written(known, said)


def _holds(text: str, part: str) -> bool:
    """Tell whether a text says something already, however spaces and line breaks came back from a spreadsheet."""
    return " ".join(part.split()) in " ".join(text.split())
