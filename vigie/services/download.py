"""Fetch the official files of sources from the addresses that their cards hold: one territory where it can be read
out of the national file, the whole country otherwise; what was chosen, and why, is said.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from vigie.domain import french
from vigie.domain.territory import TerritoryKind
from vigie.errors import NotFound, RequestFault, SourceUnavailable, StructureFault
from vigie.services.territory_cut import STOCK, TerritoryAsked, cut_out
from vigie.sources import download as fetching
from vigie.sources import origins
from vigie.sources.cog_lookup import resolve
from vigie.sources.remote import NotByRanges

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from vigie.domain.territory import Territory
    from vigie.services.territory_cut import Cutter
    from vigie.sources.cards_reader import Address, Card
    from vigie.sources.download import Downloaded

FRANCE, DEPARTEMENT = "france", "departement"
USUAL = (STOCK, "sirene_unite_legale")
"""What a portrait needs at least: fetched when a territory is given and no source is named."""
USUAL_PERIOD = timedelta(days=365)
"""How far back notices are asked for: a year holds the procedures that are still open, for most firms."""
_SAME_MONTH = 7  # days between the publications of two files of one stock


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file fetched: its source, where it is, whence it came and when that was published (ISO day, `None`: unknown).

    `whole` tells that the whole country is in it; `why` says in French what was chosen; `remarks` what is odd.
    """

    source: str
    path: str
    url: str
    bytes: int
    sha256: str
    whole: bool
    resumed: bool
    unchanged: bool
    published: str | None = None
    why: str = ""
    remarks: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as the machine-readable answers print it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class DownloadRequest:
    """Which sources to fetch (ids of cards), into which folder; a territory to limit them to, where that can be done.

    `loaded` gives the day of publication of the file in service, by source; `today` is what ages are counted from;
    `since` the first day of sources that are asked for by period, a year before by default.
    """

    sources: tuple[str, ...]
    folder: Path
    territory: str | None = None
    loaded: Mapping[str, str] = field(default_factory=dict)
    today: date = field(default_factory=date.today)
    since: date | None = None


def download(
    request: DownloadRequest,
    cards: Sequence[Card],
    progress: Callable[[str, int, int | None], None] | None = None,
    patience: fetching.Patience | None = None,
    cutter: Cutter | None = None,
) -> tuple[Fetched, ...]:
    """Fetch each source, its addresses tried in order; `progress` is told (file, received, expected).

    Raises `NotFound` for a source without card or address, `RequestFault` or `NotFound` for the territory,
    `SourceUnavailable` when no address of a source gives a file that may be taken.
    """
    territory = resolve(request.territory) if request.territory else None
    if territory is not None and territory.kind is TerritoryKind.FRANCE:
        territory = None
    names = request.sources or (USUAL if territory else ())
    if not names:
        raise RequestFault("Dites quelles sources télécharger (« vigie sources » les liste), ou un territoire.")
    chosen = [_card(name, cards) for name in names]
    chosen.sort(key=lambda card: card.id != STOCK)  # the others are cut by its establishments
    round_ = _Round(request, territory, progress or (lambda file, done, total: None), patience, cutter)
    fetched = {card.id: round_.fetch(card) for card in chosen}
    return _of_one_month([fetched[_card(name, cards).id] for name in dict.fromkeys(names)])


def _card(name: str, cards: Sequence[Card]) -> Card:
    found = [card for card in cards if name in (card.id, card.source)]
    offered = ", ".join(sorted(card.id for card in cards if card.addresses))
    if not found:
        raise NotFound(f"La source « {name} » est inconnue. Sources à télécharger : {offered}.")
    card = max(found, key=lambda card: bool(card.addresses))
    if not card.addresses:
        raise NotFound(f"La carte « {name} » ne donne pas d’adresse. Sources à télécharger : {offered}.")
    return card


@dataclass(frozen=True, slots=True)
class _Round:
    """One request being answered."""

    request: DownloadRequest
    territory: Territory | None
    progress: Callable[[str, int, int | None], None]
    patience: fetching.Patience | None
    cutter: Cutter | None

    def fetch(self, card: Card) -> Fetched:
        """Fetch one source: of the territory by ranges, else by the producer's own cut, else whole."""
        refusals: list[str] = []
        held = self._held(card)
        why = ""
        for address in card.addresses if self.territory and self.cutter else ():
            if address.cut:
                try:
                    return self._cut(card, address, held)
                except (NotByRanges, SourceUnavailable, StructureFault) as refusal:
                    why = str(refusal).removesuffix(".")
                    refusals += [] if isinstance(refusal, NotByRanges) else [str(refusal)]
        for address in self._whole(card):
            try:
                got = self._fetch(address, held)
            except (SourceUnavailable, StructureFault) as refusal:
                if len(card.addresses) == 1:
                    raise
                refusals.append(str(refusal))
                continue
            return self._told(card, got, whole=address.scope == FRANCE, why=self._why(address, why))
        if not refusals:
            raise RequestFault(
                f"« {card.id} » se télécharge par département : donnez-en un (« --departement 85 »), et au besoin le "
                "premier jour (« --since 2026-01-01 »)."
            )
        raise SourceUnavailable("\n".join(dict.fromkeys(refusals)))

    def _cut(self, card: Card, address: Address, held: str | None) -> Fetched:
        territory, cutter = self.territory, self.cutter
        assert territory is not None and cutter is not None  # noqa: S101 - asked only with both
        file = f"{(address.file or card.id).removesuffix('.parquet')}_{territory.kind.value}-{territory.code}.parquet"
        target = self.request.folder / file
        wanted = TerritoryAsked(card, address, territory, target, self._stock_here(), held)
        got = cut_out(wanted, cutter, lambda share: self.progress(file, round(share * 1000), 1000))
        why = f"{territory.name} seulement, lu par morceaux dans le fichier national en Parquet"
        return self._told(card, got, whole=False, why=why)

    def _fetch(self, address: Address, held: str | None) -> Downloaded:
        code = self.territory.code if self.territory else ""
        file = address.file or address.url.rpartition("/")[2]
        since = (self.request.since or self.request.today - USUAL_PERIOD).isoformat()
        url, file = (text.replace("{departement}", code).replace("{since}", since) for text in (address.url, file))
        return fetching.download(
            url, self.request.folder / file, sha256=address.sha256, patience=self.patience, not_before=held,
            progress=lambda done, total: self.progress(file, done, total),
        )  # fmt: skip

    def _whole(self, card: Card) -> list[Address]:
        whole = [address for address in card.addresses if address.scope == FRANCE]
        if self.territory is None or self.territory.kind is not TerritoryKind.DEPARTEMENT:
            return whole
        return [address for address in card.addresses if address.scope == DEPARTEMENT] + whole

    def _why(self, address: Address, refused: str) -> str:
        if self.territory is None:
            return ""
        if address.scope == DEPARTEMENT:
            return f"{self.territory.name} seulement, tel que le producteur le découpe"
        reason = f", parce que {refused[0].lower()}{refused[1:]}" if refused else ""
        then = f"« vigie refresh --territory {self.territory.key} » n’en gardera que le territoire"
        return f"France entière{reason} ; {then}"

    def _told(self, card: Card, got: Downloaded, *, whole: bool, why: str) -> Fetched:
        self._keep_one(card, got.path)
        age = origins.age_sentence(got.published, card.fresh_days, self.request.today)
        return Fetched(
            card.id, str(got.path), got.url, got.bytes, got.sha256, whole, got.resumed, got.unchanged, got.published,
            why, (age,) if age else (),
        )  # fmt: skip

    def _held(self, card: Card) -> str | None:
        """Return the latest day of publication among what is loaded and what this folder holds of a source."""
        days = [self.request.loaded.get(card.source)]
        days += [origin.get("published") for _, origin in self._of_source(card)]
        return max(filter(None, days), default=None)

    def _of_source(self, card: Card) -> list[tuple[Path, dict[str, Any]]]:
        """Return the files that earlier downloads of a source left in the folder, with their origin."""
        if not self.request.folder.is_dir():
            return []
        urls = {address.url for address in card.addresses}
        marks = [path for path in self.request.folder.iterdir() if path.name.endswith(origins.SUFFIX)]
        files = [path.with_name(path.name.removesuffix(origins.SUFFIX)) for path in marks]
        known = [(file, origins.read_origin(file)) for file in files]
        return [(file, origin) for file, origin in known if origin.get("url") in urls]

    def _stock_here(self) -> Path | None:
        """Return the establishments of the territory, where they were cut out into this folder."""
        territory = self.territory.key if self.territory else ""
        suffix = f"_{territory.replace(':', '-')}.parquet"
        for path in sorted(self.request.folder.glob(f"StockEtablissement{suffix}")):
            if origins.read_origin(path).get("territory") == territory:
                return path
        return None

    def _keep_one(self, card: Card, kept: Path) -> None:
        """Take away what an earlier download of the same source left: a folder holds a table once."""
        for file, _ in self._of_source(card):
            if file != kept:
                file.unlink(missing_ok=True)
                origins.origin_path(file).unlink(missing_ok=True)


def _of_one_month(fetched: Sequence[Fetched]) -> tuple[Fetched, ...]:
    """Say, on the oldest of the files of one stock, that they are not of the same publication."""
    stock = [one for one in fetched if one.source.startswith("sirene_") and one.published]
    if not stock:
        return tuple(fetched)
    first = min(stock, key=lambda one: str(one.published))
    last = max(stock, key=lambda one: str(one.published))
    apart = (date.fromisoformat(str(last.published)) - date.fromisoformat(str(first.published))).days
    if apart <= _SAME_MONTH:
        return tuple(fetched)
    said = (
        f"il est du {french.short_date(str(first.published))}, mais « {last.source} » du "
        f"{french.short_date(str(last.published))}\u00a0: relancez la commande quand tous sont du même mois."
    )
    return tuple(_remarked(one, said) if one is first else one for one in fetched)


def _remarked(one: Fetched, said: str) -> Fetched:
    values = {name: getattr(one, name) for name in Fetched.__dataclass_fields__}
    return Fetched(**values | {"remarks": (*one.remarks, said)})
