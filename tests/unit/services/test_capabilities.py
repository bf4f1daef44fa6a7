"""What declares something is found, without importing what does not."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import vigie.services
from vigie.services.capabilities import Capability, capabilities


def test_every_module_that_declares_is_found() -> None:
    names = [module.name for module in pkgutil.walk_packages(vigie.services.__path__, "vigie.services.")]
    declared = [getattr(import_module(name), "CAPABILITY", None) for name in names]
    assert capabilities() == tuple(one for one in declared if isinstance(one, Capability)) != ()
