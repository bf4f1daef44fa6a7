"""Tables of known ties between firms; a source gives identifiers, never names."""

from __future__ import annotations

from vigie.store.declaring import Column, Table

TIE_GROUP = Table(
    "tie_group",
    "what joins firms: a contract held jointly, a project",
    "files of ties",
    ("source", "group"),
    (
        Column("group", "string", "identifier of the contract or project in its source", required=True),
        Column("kind", "string", "contract or project", required=True),
        Column("source", "string", "identifier of the card of the file", required=True),
        Column("date", "date", "day of the contract, or on which the project begins; null when unknown"),
        Column("members", "int64", "how many members, those without SIREN included", "member", required=True),
        Column("resolved", "int64", "members whose SIREN is known", "member", required=True),
        Column("certainty", "string", "declared, or doubtful where the source does not say that it is a group",
               required=True),
    ),
)  # fmt: skip

TIE = Table(
    "tie",
    "firm × partner × group",
    "files of ties",
    ("siren", "partner", "source", "group"),
    (
        Column("siren", "string", "SIREN of one side; each tie is written from both", required=True),
        Column("partner", "string", "SIREN of the other side", required=True),
        Column("group", "string", "what joins them (`tie_group`)", required=True),
        Column("kind", "string", "contract or project", required=True),
        Column("source", "string", "identifier of the card of the file", required=True),
        Column("date", "date", "day of the contract or project; null when unknown"),
        Column("weight", "float64", "1/(k - 1) in a group of k members", required=True),
        Column("certainty", "string", "declared or doubtful", required=True),
    ),
)

TIES: tuple[Table, ...] = (TIE_GROUP, TIE)
