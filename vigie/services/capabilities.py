"""What Vigie can do, gathered from what each noun of the services declares.

Every module of the services that exports `CAPABILITY` is found here: pages, API, commands, the isolation
matrix and the documentation iterate over `capabilities()`, so that no list of everything is edited by hand.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.services.acts import Act
    from vigie.services.job_kinds import JobKind
    from vigie.services.questions import Question


@dataclass(frozen=True, slots=True)
class Capability:
    """What one noun of the services declares: what it is called in French, its questions, its acts, its long work."""

    label: str
    questions: tuple[Question[Any], ...] = ()
    acts: tuple[Act[Any, Any], ...] = ()
    jobs: tuple[JobKind, ...] = ()


@cache
def capabilities() -> tuple[Capability, ...]:
    """Return what every module of the services exports as `CAPABILITY`, in the order of their names."""
    import vigie.services as here  # noqa: PLC0415 - the package is whole only once this module is read

    modules = pkgutil.walk_packages(here.__path__, f"{here.__name__}.")
    found = (getattr(import_module(one.name), "CAPABILITY", None) for one in modules if _may_declare(one))
    return tuple(one for one in found if isinstance(one, Capability))


def _may_declare(module: pkgutil.ModuleInfo) -> bool:
    """Tell whether the text of a module names what it would export; the others, some of them heavy, are not imported.

    A module whose text is not there is imported.
    """
    found = find_spec(module.name)
    read = getattr(found.loader, "get_source", None) if found else None
    text = read(module.name) if read else None
    return text is None or "CAPABILITY" in text


@cache
def questions() -> tuple[Question[Any], ...]:
    """Return every question; raises `ValueError` when two are called the same."""
    found = tuple(question for capability in capabilities() for question in capability.questions)
    names = [question.name for question in found]
    if len(set(names)) < len(names):
        raise ValueError(f"two questions are called the same: {sorted(names)}")
    return found


@cache
def acts() -> Mapping[str, Act[Any, Any]]:
    """Return every declared act by its kind; raises `ValueError` when two are of one kind."""
    found = tuple(act for capability in capabilities() for act in capability.acts)
    by_kind = {act.kind: act for act in found}
    if len(by_kind) < len(found):
        raise ValueError(f"two acts are of one kind: {sorted(act.kind for act in found)}")
    return by_kind


@cache
def job_kinds() -> Mapping[str, JobKind]:
    """Return every kind of long work by its word."""
    return {kind.word: kind for capability in capabilities() for kind in capability.jobs}


def at_foot_of(act: Act[Any, Any]) -> tuple[Act[Any, Any], ...]:
    """Return the acts offered at the foot of the page of an act."""
    return tuple(one for one in acts().values() if one.page is not None and one.page.foot_of is act)
