"""What an officer watches of their territories: from which size, which activity, how far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import select

from vigie.domain.declared import Hint, InUnit, Label, Length, NumberRange, TextShape
from vigie.domain.french import counted, listed, number, of_place
from vigie.domain.relations import LARGE, USUAL_KM, Wanted
from vigie.errors import FieldFault, RequestFault
from vigie.services.acts import Act, Doing, FormPage, PreparedForm, Telling
from vigie.services.capabilities import Capability
from vigie.services.communes import commune_code, commune_name, written_commune
from vigie.services.followup.answers import JsonAnswer
from vigie.services.followup.dossiers import WRITES
from vigie.sources import nomenclature
from vigie.store.journal.followup import WatchThreshold

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

_WEEK = "/bureau"


@dataclass(frozen=True, slots=True)
class ThresholdsSaid:
    """À partir de quelle taille, pour quelle activité et jusqu’où un territoire est suivi."""

    least: Annotated[
        int, Label("Fermetures et rencontres : salariés, au moins"), InUnit("salariés"), NumberRange(1, 5_000)
    ] = LARGE
    naf: Annotated[
        str, Label("Activité"), Length(10), Hint("À tout niveau de la NAF : C, 25, 25.62B. Toutes si rien n’est dit.")
    ] = ""
    commune: Annotated[
        str, Label("Autour de"), TextShape("commune"), Hint("Une commune ; tout le territoire si rien n’est dit.")
    ] = ""
    kilometres: Annotated[int, Label("Kilomètres autour d’elle"), InUnit("km"), NumberRange(1, 200)] = USUAL_KM


@dataclass(frozen=True, slots=True)
class Thresholds(JsonAnswer):
    """What an officer watches, as it stands; those of everybody until they choose."""

    least: int = LARGE
    naf: str = ""
    commune: str = ""
    commune_name: str = ""
    kilometres: int = USUAL_KM

    @property
    def wanted(self) -> Wanted:
        """What is asked of the events of a territory."""
        return Wanted(self.naf, f"commune:{self.commune}" if self.commune else "", self.kilometres)

    @property
    def sites(self) -> str:
        """Return in French the sites that are large enough."""
        return f"Sites de {counted(self.least, 'salarié', 'salariés')} ou plus"

    @property
    def sentence(self) -> str:
        """Return in French what is watched."""
        told = [f"les {self.sites[0].lower()}{self.sites[1:]}"]
        if self.naf:
            told.append(f"l’activité {self.naf}")
        if self.commune:
            near = of_place(self.commune_name or self.commune)
            told.append(f"ce qui est à {number(self.kilometres)} km au plus {near}")
        return f"Vous suivez {listed(told)}."


def thresholds(reader: Reader) -> Thresholds:
    """Return what the asker chose to watch."""
    row = _row(reader)
    if row is None:
        return Thresholds()
    return Thresholds(row.least, row.naf, row.commune, commune_name(row.commune) or "", row.kilometres)


def read_thresholds(telling: Telling, _: str) -> Thresholds:
    """Return what the asker watches."""
    return thresholds(telling.reader)


def _stands(telling: Telling, _: str) -> PreparedForm:
    found = thresholds(telling.reader)
    return PreparedForm({
        "least": str(found.least), "naf": found.naf, "kilometres": str(found.kilometres),
        "commune": written_commune(found.commune),
    })  # fmt: skip


CHOSEN = Act(
    "watch.chosen",
    "seuils de veille choisis",
    needs=WRITES,
    at="PUT monday/thresholds",
    form_at="lundi/seuils",
    summary="Choisir ce que l’on suit d’un territoire",
    note="Pour soi, sur « Ma semaine » et dans sa lettre : fermetures et arrivées ; jamais rencontrées, par la taille.",
    done="Vos seuils sont enregistrés.",
    takes=ThresholdsSaid,
    tells=read_thresholds,
    page=FormPage(
        title="Ce que vous suivez",
        lead="Les fermetures et les arrivées de votre semaine s’y tiennent ; les entreprises jamais rencontrées, à la "
        "taille seule. Vos portefeuilles sont toujours dits en entier.",
        button="Enregistrer",
        back=_WEEK,
        prepare=_stands,
    ),
)
CAPABILITY = Capability("Dossiers", acts=(CHOSEN,))


@CHOSEN.does
def choose(doing: Doing, _: str, said: ThresholdsSaid) -> None:
    """Keep what the asker watches, in place of what they chose before.

    Raises `FieldFault` for an activity or a commune that is not one.
    """
    unit = doing.unit
    values = {
        "least": said.least, "naf": _activity(said.naf), "commune": _commune(said.commune),
        "kilometres": said.kilometres,
    }  # fmt: skip
    row = _row(unit)
    if row is None:
        unit.add(WatchThreshold(person_id=unit.scope.person, **values))
    else:
        unit.change(row, values)


def _activity(text: str) -> str:
    try:
        return nomenclature.normalise(text) if text.strip() else ""
    except RequestFault as fault:
        raise FieldFault("naf", str(fault)) from fault


def _commune(text: str) -> str:
    try:
        return commune_code(text)
    except RequestFault as fault:
        raise FieldFault("commune", str(fault)) from fault


def _row(reader: Reader) -> WatchThreshold | None:
    mine = (WatchThreshold.person_id == reader.scope.person, WatchThreshold.deleted_at.is_(None))
    # Two first choices at the same moment leave two rows: the last one counts.
    latest = select(WatchThreshold).where(*mine).order_by(WatchThreshold.created_at.desc(), WatchThreshold.id).limit(1)
    return next(iter(reader.all(latest)), None)
