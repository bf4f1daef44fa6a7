"""What is sealed for one use opens nothing in the place of another."""

from __future__ import annotations

import pytest

from vigie.errors import NotSignedIn
from vigie.services.accounts.provider import Provider
from vigie.services.keys import Keys
from vigie.settings import Settings


def test_a_farewell_presented_as_an_arrival_signs_nobody_in() -> None:
    provider = Provider(Settings(), Keys(b"secret of the tests"))
    with pytest.raises(NotSignedIn):
        provider.finish({"state": "x", "code": "y"}, provider.seal("a token"))
