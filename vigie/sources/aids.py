"""Schemes that help firms, from the files that publish them.

Read are the two national schemas « dispositif-aide » (CSV), and the structured file of « Transition écologique des
entreprises » (JSON).

A card of kind « aides » says which by `layout.schema`. Cells are kept as published beside what is read of them, so that
a catalogue leaves as it came. A row at fault is left out with its line, its column, why, and what to do.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from vigie.domain.days import EXAMPLES, read_day
from vigie.domain.french import short_date
from vigie.errors import Reject, StructureFault
from vigie.sources.aid_conditions import (
    FaultyCellError,
    ReadCondition,
    of_columns,
    of_labelled_text,
    of_structured,
)
from vigie.sources.archives import open_bytes
from vigie.sources.card_uses import card_fault
from vigie.sources.parts import part_for
from vigie.sources.published_json import json_objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from vigie.sources.cards_reader import Card

PLAIN, PROFESSIONAL, STRUCTURED = "dispositif", "professionnels", "structure"
SCHEMAS = (PLAIN, PROFESSIONAL, STRUCTURED)
IMAGINARY = "imaginaire-"
"""Beginning of the identifiers of schemes that do not exist."""
AUDIENCES = ("professionnels", "particuliers", "associations", "secteur public")
_HTML = re.compile(r"</?(?:p|div|span|br|b|i|ul|ol|li|a|strong|em|script|style|table|h[1-6]|img|iframe)\b[^>]*>", re.I)
_SAID = r"""\s*:\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""
_NAME, _WORDING = (re.compile(rf"""["']?{key}["']?{_SAID}""") for key in ("nom", "libelle"))
_COST = re.compile(r"Montant de l'aide ou co[uû]t\s*: *([^\n]*)")
_WEB = re.compile(r"https?://\S+")
_PARIS = ZoneInfo("Europe/Paris")
_TEXTS = ("titre", "promesse", "description", "eligibilite")

SCHEME: dict[str, pa.DataType] = {
    "id": pa.string(), "title": pa.string(), "promise": pa.string(), "description": pa.string(), "kinds": pa.string(),
    "holders": pa.string(), "url": pa.string(), "cost": pa.string(), "legal_basis": pa.string(), "opens": pa.date32(),
    "closes": pa.date32(), "updated": pa.date32(), "imaginary": pa.bool_(), "source": pa.string(),
    "rank": pa.int64(), "published": pa.string(),
}  # fmt: skip
CONDITION: dict[str, pa.DataType] = {
    "scheme": pa.string(), "rank": pa.int64(), "topic": pa.string(), "sentence": pa.string(), "reference": pa.string(),
    "allowed": pa.string(), "refused": pa.string(), "amount": pa.string(), "least": pa.float64(), "most": pa.float64(),
    "trace": pa.string(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AidsRead:
    """What a file says of schemes: tables with the columns of `scheme` and `scheme_condition`, and what it left out."""

    schemes: pa.Table
    conditions: pa.Table
    rejects: tuple[Reject, ...]


@dataclass(slots=True)
class _AidsReading:
    file: str
    source: str
    schema: str
    newline: str
    schemes: list[dict[str, Any]] = field(default_factory=list)
    conditions: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def take(self, line: int, cells: Mapping[str, Any]) -> None:
        try:
            scheme, conditions = (_structured if self.schema == STRUCTURED else _of_schema)(cells, self.schema)
            if scheme["id"] in self.seen:
                raise FaultyCellError("id", f"« {scheme['id'][:40]} » est déjà le numéro d’un autre dispositif du "
                                      "fichier : gardez-en un seul, ou donnez-lui un autre numéro.")  # fmt: skip
        except FaultyCellError as fault:
            self.rejects.append(Reject(self.file, line, fault.column, str(fault)))
            return
        self.seen.add(scheme["id"])
        published = json.dumps({"newline": self.newline, "cells": cells}, ensure_ascii=False)
        imaginary = scheme["id"].startswith(IMAGINARY)
        self.schemes.append(
            {"source": self.source, "rank": line, "published": published, "imaginary": imaginary} | scheme
        )
        self.conditions += [_row(scheme["id"], rank, one) for rank, one in enumerate(conditions)]


def read_aids(path: Path, card: Card) -> AidsRead:
    """Read a catalogue of schemes. Raises `StructureFault` when the file or its card is at fault."""
    schema = str(card.layout.get("schema", ""))
    if schema not in SCHEMAS:
        what, remedy = f"schéma « {schema} » inconnu.", f"Choisissez parmi {', '.join(SCHEMAS)}."
        raise card_fault(f"{card.id}.yml", "layout.schema", what, remedy)
    if schema == STRUCTURED:
        reading = _AidsReading(path.name, card.id, schema, "\n")
        rows: Iterable[tuple[int, Mapping[str, Any]]] = enumerate(json_objects(path), start=1)
    else:
        content = _content(path, card)
        newline = "\r\n" if "\r\n" in content.partition('"')[0] else "\n"
        reading = _AidsReading(path.name, card.id, schema, newline)
        rows = _rows(path, content, card, reading)
    for line, cells in rows:
        reading.take(line, cells)
    return AidsRead(
        pa.Table.from_pylist(reading.schemes, schema=pa.schema(SCHEME)),
        pa.Table.from_pylist(reading.conditions, schema=pa.schema(CONDITION)),
        tuple(reading.rejects),
    )


def _content(path: Path, card: Card) -> str:
    with open_bytes(path, part_for(path, card).member) as stream:
        try:
            return stream.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise StructureFault("ce fichier n’est pas en UTF-8.", file=path.name,
                                 remedy="Enregistrez-le en UTF-8, puis recommencez.") from error  # fmt: skip


def _rows(path: Path, content: str, card: Card, reading: _AidsReading) -> Iterator[tuple[int, Mapping[str, Any]]]:
    first = content.partition("\n")[0]
    delimiter = max(card.delimiters, key=first.count)
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    try:
        titles = next(rows, [])
        for number, row in enumerate(filter(None, rows), start=1):
            if len(row) == len(titles):
                yield number, dict(zip(titles, row, strict=True))
            else:
                what = f"{len(row)} cases là où l’en-tête en a {len(titles)} : vérifiez les guillemets de cette ligne."
                reading.rejects.append(Reject(path.name, number, "", what))
    except csv.Error as error:
        raise StructureFault("un guillemet n’est jamais refermé.", file=path.name, line=rows.line_num,
                             remedy="Corrigez cette ligne, puis recommencez.") from error  # fmt: skip


def _of_schema(cells: Mapping[str, str], schema: str) -> tuple[dict[str, Any], list[ReadCondition]]:
    """Read a row of one of the national schemas. Raises `FaultyCellError`."""
    for column in ("id", "titre"):
        if not cells.get(column, "").strip():
            raise FaultyCellError(column, "cette case est vide : un dispositif a un numéro et un titre.")
    _refuse_markup({column: cells.get(column, "") for column in _TEXTS})
    days = {column: _moment(cells, column) for column in ("date_ouverture", "date_cloture", "date_mise_a_jour")}
    _refuse_ends_first(days["date_ouverture"], days["date_cloture"], "date_cloture")
    _check_audiences(cells.get("cibles", ""))
    cost = _COST.search(cells.get("description", ""))
    scheme = {
        "id": cells["id"].strip(), "title": cells["titre"].strip(), "promise": cells.get("promesse", "").strip(),
        "description": cells.get("description", ""), "kinds": cells.get("types_aides", ""),
        "holders": _holders(cells.get("porteurs", "")), "url": _web(cells.get("url_source", ""), "url_source"),
        "cost": cost[1].strip() if cost else "",
        "legal_basis": ", ".join(_said(_WORDING, cells.get("base_juridique", ""))),
        "opens": days["date_ouverture"], "closes": days["date_cloture"], "updated": days["date_mise_a_jour"],
    }  # fmt: skip
    return scheme, (of_columns if schema == PROFESSIONAL else of_labelled_text)(cells)


def _structured(cells: Mapping[str, Any], _: str) -> tuple[dict[str, Any], list[ReadCondition]]:
    """Read an object of the structured file. Raises `FaultyCellError`."""
    texts = {name: cells.get(name) for name in ("id", "titre", "promesse", "description", "nature", "operateur", "url")}
    for name, value in texts.items():
        if value is not None and not isinstance(value, str):
            raise FaultyCellError(name, "un texte est attendu.")
    told = {name: value or "" for name, value in texts.items()}
    for name in ("id", "titre"):
        if not told[name].strip():
            raise FaultyCellError(name, "cette case est vide : un dispositif a un numéro et un titre.")
    _refuse_markup({name: told[name] for name in ("titre", "promesse", "description")})
    days = {name: _moment({name: cells.get(name) or ""}, name) for name in ("validite_debut", "validite_fin")}
    _refuse_ends_first(days["validite_debut"], days["validite_fin"], "validite_fin")
    amounts = cells.get("montants")
    cost = " ; ".join(f"{name} : {value}" for name, value in amounts.items()) if isinstance(amounts, dict) else ""
    others = cells.get("autres_operateurs")
    holders = [told["operateur"], *(map(str, others) if isinstance(others, list) else ())]
    scheme = {
        "id": told["id"].strip(), "title": told["titre"].strip(), "promise": told["promesse"].strip(),
        "description": told["description"], "kinds": told["nature"], "holders": ", ".join(filter(None, holders)),
        "url": _web(told["url"], "url"), "cost": cost, "legal_basis": "", "opens": days["validite_debut"],
        "closes": days["validite_fin"], "updated": None,
    }  # fmt: skip
    return scheme, of_structured(cells)


def _refuse_markup(texts: Mapping[str, str]) -> None:
    for column, text in texts.items():
        if found := _HTML.search(text):
            raise FaultyCellError(column, f"il contient du HTML (« {found[0][:40]} ») : écrivez du texte simple.")


def _refuse_ends_first(opens: date | None, closes: date | None, column: str) -> None:
    if opens and closes and closes < opens:
        first, last = short_date(opens), short_date(closes)
        raise FaultyCellError(
            column, f"la clôture ({last}) vient avant l’ouverture ({first}) : corrigez l’une des deux."
        )


def _moment(cells: Mapping[str, Any], column: str) -> date | None:
    """Return the day, in Paris, of a moment or of a day."""
    written = cells.get(column, "")
    if not isinstance(written, str):
        raise FaultyCellError(column, f"« {str(written)[:40]} » n’est pas un jour : écrivez-le comme {EXAMPLES}.")
    text = written.strip()
    if not text:
        return None
    if "T" in text:
        try:
            moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            moment = None
        if moment is not None:
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(_PARIS).date()
    found = read_day(text)
    if found is None or "T" in text:
        raise FaultyCellError(column, f"« {text[:40]} » n’est pas un jour : écrivez-le comme {EXAMPLES}.")
    return found


def _check_audiences(written: str) -> None:
    for one in filter(None, (part.strip() for part in written.split("|"))):
        if one not in AUDIENCES:
            raise FaultyCellError(
                "cibles", f"« {one[:40]} » n’est pas une cible : choisissez parmi {', '.join(AUDIENCES)}."
            )


def _holders(written: str) -> str:
    """Return the names of who carries a scheme, from a list that files write as JSON or nearly so."""
    text = written.strip()
    if not text:
        return ""
    names = _said(_NAME, text)
    if not names:
        raise FaultyCellError(
            "porteurs", 'aucun nom n’y est lu : écrivez [{"nom": "…", "siren": "…", "roles": ["…"]}].'
        )
    return ", ".join(names)


def _said(pattern: re.Pattern[str], text: str) -> list[str]:
    """Return what a list written as JSON, or nearly so, says under one name."""
    found = (first or second for first, second in pattern.findall(text))
    return [one.replace('\\"', '"').replace("\\'", "'") for one in found]


def _web(written: str, column: str) -> str | None:
    text = written.strip()
    if text and not _WEB.fullmatch(text):
        raise FaultyCellError(column, f"« {text[:60]} » n’est pas une adresse : elle commence par https://.")
    return text or None


def _row(scheme: str, rank: int, one: ReadCondition) -> dict[str, Any]:
    asked = one.condition
    return {
        "scheme": scheme, "rank": rank, "topic": asked.topic.name, "sentence": asked.sentence,
        "reference": asked.reference, "allowed": "|".join(sorted(asked.allowed)),
        "refused": "|".join(sorted(asked.refused)), "amount": asked.amount, "least": asked.least, "most": asked.most,
        "trace": one.trace,
    }  # fmt: skip


def as_published(schemes: Sequence[Mapping[str, Any]]) -> str:
    """Return a catalogue as it was published: CSV of a national schema, or JSON of the structured file.

    `schemes` are rows of one file of the table `scheme`, in their order there.
    """
    kept = [json.loads(row["published"]) for row in schemes]
    cells = [one["cells"] for one in kept]
    if any(isinstance(value, (list, dict)) for one in cells for value in one.values()):
        return json.dumps(cells, ensure_ascii=False, indent=1) + "\n"
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(cells[0]), lineterminator=kept[0]["newline"])
    writer.writeheader()
    writer.writerows(cells)
    return out.getvalue()
