"""A password for tests, and its stored form at the lowest cost."""

from __future__ import annotations

from functools import partial

from argon2 import PasswordHasher

PASSWORD = "quatre mots pris au hasard"  # noqa: S105
CHEAP = partial(PasswordHasher, time_cost=1, memory_cost=64, parallelism=1)
STORED = CHEAP().hash(PASSWORD)
