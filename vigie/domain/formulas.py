"""Texts that a spreadsheet would run: how they begin, for what is written to files and what is read from them.

A cell that begins with one of these signs is taken for a formula when a CSV file is opened, or when somebody edits the
cell of a workbook. An apostrophe before it makes it a text again; what is read back loses that apostrophe.
"""

from __future__ import annotations

FORMULA_SIGNS = "=+-@＝＋－＠"
"""What begins a formula; the full-width forms are those that spreadsheets read as the plain ones."""
BEGINNINGS = (*FORMULA_SIGNS, "\t", "\r", "\n")
"""A tabulation or an end of line moves what follows to the next cell, where it begins a formula in its turn."""
SHIELD = "'"


def runs(text: str) -> bool:
    """Tell whether a spreadsheet would run a text that is typed in it."""
    return text.startswith(BEGINNINGS)


def shielded(text: str) -> str:
    """Return a text as it may be written to a file that spreadsheets open.

    >>> shielded("=1+1"), shielded("l’été"), unshielded(shielded("=1+1"))
    ("'=1+1", 'l’été', '=1+1')
    """
    return SHIELD + text if runs(text) else text


def unshielded(text: str) -> str:
    """Return a text read from a file without the apostrophe that kept spreadsheets from running it."""
    return text[1:] if text.startswith(SHIELD) and runs(text[1:]) else text
