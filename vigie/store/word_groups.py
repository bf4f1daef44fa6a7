"""A text once read: groups of words, and what each of them means (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Consecutive words that one thing must answer.

    `words` all match together in a name, a sign or a street; or else one of `activities` ("NAFRev2:10.71C") or one
    of `places` ("commune:85109") answers for all of them. `weak` groups (legal forms, linking words) are optional;
    `vague` ones (« autres », « activités ») become so when nothing answers them. `trade` is the trade that they name,
    as it is written: what is known is never taken for a misspelling. `also` are the other places that they could mean;
    `quoted` ones were typed between quotation marks; `elsewhere` is the place that they name where nothing is in
    service.
    """

    words: tuple[str, ...]
    weak: bool = False
    vague: bool = False
    activities: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    place_name: str | None = None
    notice: str = ""
    trade: str = ""
    also: tuple[tuple[str, str], ...] = ()
    quoted: bool = False
    elsewhere: str = ""

    @property
    def known(self) -> bool:
        """Whether the words name a trade or a place by themselves."""
        return bool(self.trade or self.places)


@dataclass(frozen=True, slots=True)
class Typed:
    """A text once read: identifiers (SIREN or SIRET, digits only) and groups of words; both must hold.

    `called` is the key of the whole text, as if it were an exact name, `called_there` that of the words beside a place.
    `courtesy` are the phrases left out because they say nothing (« je cherche un »).
    """

    identifiers: tuple[str, ...] = ()
    groups: tuple[WordGroup, ...] = field(default=())
    called: str = ""
    called_there: str = ""
    courtesy: tuple[str, ...] = ()

    @property
    def strong(self) -> tuple[WordGroup, ...]:
        """Groups that must be answered: the weak ones only when there is nothing else."""
        return tuple(group for group in self.groups if not group.weak) or self.groups
