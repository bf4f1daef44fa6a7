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
    if comment and comment not in said:
        said = "\n\n".join(filter(None, [said, comment]))
    if activity and not known and activity not in said:
        known = activity
    elif activity and activity not in f"{known}\n{said}":
        said = "\n\n".join(filter(None, [said, f"{_ACTIVITY}{activity}"]))
    return written(known, said)
