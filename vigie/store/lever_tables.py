"""Tables of what helps firms: schemes with their conditions, wastes that sites declare, documented exchanges."""

from __future__ import annotations

from vigie.store.declaring import Column, Table

SCHEME = Table(
    "scheme",
    "scheme that helps firms",
    "catalogues of schemes",
    ("id",),
    (
        Column("id", "string", "identifier that its publisher gives it", required=True),
        Column("title", "string", "title", required=True),
        Column("promise", "string", "what it promises, in one sentence; empty when the file gives none", required=True),
        Column("description", "string", "text of its publisher", required=True),
        Column("kinds", "string", "kinds of help (étude, financement, prêt…), joined by a bar", required=True),
        Column("holders", "string", "names of who carries it", required=True),
        Column("url", "string", "page of its publisher; null when it gives none"),
        Column("cost", "string", "what it gives or costs, in the words of its publisher", required=True),
        Column("legal_basis", "string", "legal basis, as published; empty when the file gives none", required=True),
        Column("opens", "date", "first day; null when the file gives none"),
        Column("closes", "date", "last day; null when the file gives none"),
        Column("updated", "date", "day on which its publisher last checked it; null when the file does not say"),
        Column("imaginary", "boolean", "whether it is one of a simulation", required=True),
        Column("source", "string", "identifier of the card", required=True),
        Column("rank", "int64", "place of the scheme in its file, from 1", required=True),
        Column("published", "string", "its cells as published (JSON), so that it leaves as it came", required=True),
    ),
)

SCHEME_CONDITION = Table(
    "scheme_condition",
    "condition of a scheme",
    "catalogues of schemes",
    ("scheme", "rank"),
    (
        Column("scheme", "string", "identifier of the scheme", required=True),
        Column("rank", "int64", "place of the condition among those of the scheme, from 0", required=True),
        Column("topic", "string", "what it is about: a name of vigie.domain.levers.Topic", required=True),
        Column("sentence", "string", "the condition in the words of the file", required=True),
        Column("reference", "string", "columns of the file that say it", required=True),
        Column("allowed", "string", "traits of which one is needed (kind:value), joined by bars", required=True),
        Column("refused", "string", "traits that refuse, joined by bars", required=True),
        Column("amount", "string", "what the bounds are of; empty without bounds", required=True),
        Column("least", "float64", "least amount accepted; null without one", "persons or years"),
        Column("most", "float64", "greatest amount accepted; null without one", "persons or years"),
        Column("trace", "string", "what had to be understood for it to be read; empty when nothing had", required=True),
    ),
)

DECLARED_WASTE = Table(
    "declared_waste",
    "site × year × way × waste × operation",
    "register of polluting emissions",
    ("siret", "year", "way", "waste", "operation", "source"),
    (
        Column(
            "siret", "string", "site that is loaded; none of a sole trader, none in partial diffusion", required=True
        ),
        Column("year", "int16", "year declared", "year", required=True),
        Column("way", "string", "gives (produced) or takes (treated)", required=True),
        Column("waste", "string", "code of the European list, six digits", required=True),
        Column("operation", "string", "R1 to R13 (recovery), D1 to D15 (disposal); empty when not said", required=True),
        Column("tonnes", "float64", "tonnes declared; null when none is written", "t"),
        Column("source", "string", "identifier of the card", required=True),
    ),
)

EXCHANGE_PRECEDENT = Table(
    "exchange_precedent",
    "documented exchange",
    "files of precedents",
    ("id", "source"),
    (
        Column("id", "string", "identifier in its file", required=True),
        Column("case", "string", "case study; empty when the file does not say", required=True),
        Column("giver", "string", "activity that gives (NACE, two digits at least)", required=True),
        Column("taker", "string", "activity that takes", required=True),
        Column("waste", "string", "code of the European list, six digits", required=True),
        Column("use", "string", "what it became; empty when the file does not say", required=True),
        Column("status", "string", "implemented, studied…, in the words of the file", required=True),
        Column("reference", "string", "where it is documented", required=True),
        Column("imaginary", "boolean", "whether it is one of a simulation", required=True),
        Column("source", "string", "identifier of the card", required=True),
    ),
)

LEVERS: tuple[Table, ...] = (SCHEME, SCHEME_CONDITION, DECLARED_WASTE, EXCHANGE_PRECEDENT)
"""Empty where no file was given."""
