"""What somebody typed while their session ended: sealed for them, and kept in the page where they sign in."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

if TYPE_CHECKING:
    from vigie.services.keys import Keys
    from vigie.store.journal.port import Journal

KEPT_FOR = timedelta(hours=12)
"""As long as the longest session: what was typed in the morning may be sent the same evening."""
MOST = 200_000
"""Characters that a form may hold to be kept, and that it may take once sealed."""
_SEAL = {"alg": "dir", "enc": "A256GCM"}


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that was not received: where it was sent, its key, and what was typed."""

    path: str
    key: str
    typed: tuple[tuple[str, str], ...]


class FormKeeper:
    """Seals forms so that nobody reads them, and opens those that are not too old; nothing of them is stored."""

    def __init__(self, journal: Journal, keys: Keys) -> None:
        self._journal, self._keys = journal, keys
        self._lock = OctKey.import_key(bytes.fromhex(keys.fingerprint("form", "seal")))

    def seal(self, path: str, key: str, typed: Sequence[tuple[str, str]]) -> str:
        """Return a form encrypted; empty when it is too long to be kept."""
        if len(path) + sum(len(name) + len(value) for name, value in typed) > MOST:
            return ""
        kept = {"at": self._journal.now().isoformat(), "path": path, "key": key, "typed": list(typed)}
        written = zlib.compress(json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace"))
        sealed = str(jwe.encrypt_compact(dict(_SEAL), written, self._lock))
        return sealed if len(sealed) <= MOST else ""

    def open(self, sealed: str) -> KeptForm | None:
        """Return a form that was sealed here in the last twelve hours; `None` otherwise."""
        try:
            opened = jwe.decrypt_compact(sealed.encode(), self._lock, algorithms=list(_SEAL.values()))
            kept = json.loads(zlib.decompress(opened.plaintext or b""))  # sealed here: it unpacks to what was bounded
        except (JoseError, ValueError, zlib.error):
            return None
        if self._journal.now() - datetime.fromisoformat(kept["at"]) > KEPT_FOR:
            return None
        return KeptForm(kept["path"], kept["key"], tuple((name, value) for name, value in kept["typed"]))

    def belongs_to(self, kept: KeptForm, place: str) -> bool:
        """Tell whether a form was shown to a place: a person, in an organisation, for a firm."""
        return self._keys.made_for(place, kept.key)
