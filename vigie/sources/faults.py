"""Rows left out of a load: rules as Ibis expressions, reasons in French."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, NamedTuple

import ibis

from vigie.domain.actors import is_siren, is_siret
from vigie.sources.base import RECORD, PreparedTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import ibis.expr.types as ir

_FAULT = "fault_number"
_SHOWN = 40


class RejectRule(NamedTuple):
    """A reason to leave a row out: the column at fault, the code of the reason, the test.

    `quote` says whether the value may be repeated in the message: never a name, an address or a place. `sound`, where
    it is given, is a quicker test that proves the rule kept; rules may share one.
    """

    column: str
    code: str
    broken: ir.BooleanValue
    quote: bool = True
    sound: ir.BooleanValue | None = None


def split(table: ir.Table, rules: Sequence[RejectRule]) -> PreparedTable:
    """Part a table by its first broken rule; the accepted part keeps the table's columns.

    Nearly every row keeps them all: that is tested first, and rules are tried one by one only on the others.
    """
    nothing = ibis.null("int64")
    number = ibis.cases(
        (_all_sound(rules), nothing), *((rule.broken, index) for index, rule in enumerate(rules)), else_=nothing
    )
    judged = table.mutate(**{_FAULT: number})
    left_out = judged.filter(judged[_FAULT].notnull())
    return PreparedTable(judged.filter(judged[_FAULT].isnull()).drop(_FAULT), _described(left_out, rules))


def _all_sound(rules: Sequence[RejectRule]) -> ir.BooleanValue:
    tests = [~rule.broken if rule.sound is None else rule.sound for rule in rules]
    once = {test.op(): test.fill_null(False) for test in tests}
    return reduce(and_, once.values())


def _described(left_out: ir.Table, rules: Sequence[RejectRule]) -> ir.Table:
    def pick(values: Sequence[ir.StringValue | str]) -> ir.StringValue:
        pairs = ((left_out[_FAULT] == index, value) for index, value in enumerate(values))
        return ibis.cases(*pairs, else_=ibis.null("string"))

    empty = ibis.null("string")
    quoted = [left_out[rule.column][:_SHOWN] if rule.quote else empty for rule in rules]
    columns = {
        "column": pick([rule.column for rule in rules]),
        "code": pick([rule.code for rule in rules]),
        "value": pick(quoted),
    }
    if RECORD in left_out.columns:
        columns = {RECORD: left_out[RECORD], **columns}
    return left_out.select(**columns)


def repeated(table: ir.Table, keys: tuple[str, ...], code: str) -> tuple[ir.Table, ir.Table | None]:
    """Keep the first record of each key; the others are faults. Without record numbers, nothing is done."""
    if RECORD not in table.columns:
        return table, None
    rank = ibis.row_number().over(group_by=[table[key] for key in keys], order_by=table[RECORD])
    ranked = table.mutate(rank=rank)
    again = ranked.filter(ranked["rank"] > 0)
    told = {"column": ibis.literal(keys[0]), "code": ibis.literal(code), "value": again[keys[0]][:_SHOWN]}
    return ranked.filter(ranked["rank"] == 0).drop("rank"), again.select(RECORD, **told)


def prepared(accepted: ir.Table, faults: ir.Table, again: ir.Table | None) -> PreparedTable:
    """Bring together the rows accepted, those that broke a rule, and those seen again."""
    return PreparedTable(accepted, faults if again is None else ibis.union(faults, again))


def reason(code: str, value: str | None) -> str:
    """Return, in French, why a row was left out and what to do, from the code of a rule and the value at fault."""
    shown = f"« {value} »" if value is not None else "vide"
    words = _REASONS[code]
    return words(value or "") if callable(words) else words.format(v=shown)


def _short(size: int, right: Callable[[str], bool], name: str) -> Callable[[str], str]:
    def words(value: str) -> str:
        text = f"{name} « {value} » : {len(value)} chiffres au lieu de {size}"
        repaired = value.zfill(size)
        if right(repaired):
            return (
                f"{text} ; un tableur a sans doute ôté les zéros de tête. Valeur probable : {repaired} ; "
                "reprenez le fichier publié, ou mettez la colonne en texte."
            )
        return f"{text}. Corrigez-le, ou retirez la ligne."

    return words


_TABLEUR = "un tableur en a fait un nombre et ses derniers chiffres sont perdus. Reprenez le fichier publié."
_REASONS: dict[str, str | Callable[[str], str]] = {
    "siret_short": _short(14, is_siret, "SIRET"),
    "siren_short": _short(9, is_siren, "SIREN"),
    "siret_exponent": "SIRET {v} : " + _TABLEUR,
    "siren_exponent": "SIREN {v} : " + _TABLEUR,
    "siret_empty": "SIRET absent. Complétez-le, ou retirez la ligne.",
    "siren_empty": "SIREN absent. Complétez-le, ou retirez la ligne.",
    "siret_form": "SIRET {v} : quatorze chiffres sont attendus, sans espace ni lettre.",
    "siren_form": "SIREN {v} : neuf chiffres sont attendus, sans espace ni lettre.",
    "siret_key": "SIRET {v} : sa clé de contrôle est fausse, un chiffre a dû être changé.",
    "siren_key": "SIREN {v} : sa clé de contrôle est fausse, un chiffre a dû être changé.",
    "siren_other": "SIREN {v} : ce n’est pas celui par lequel commence le SIRET de la même ligne.",
    "nic_other": "NIC {v} : ce n’est pas celui par lequel finit le SIRET de la même ligne.",
    "siret_again": "SIRET {v} : déjà vu plus haut dans le fichier ; la première ligne est gardée.",
    "siren_again": "SIREN {v} : déjà vu plus haut dans le fichier ; la première ligne est gardée.",
    "nic_form": "NIC du siège {v} : cinq chiffres sont attendus.",
    "diffusion": "statut de diffusion {v} : O ou P est attendu ; sans lui, rien ne peut être montré.",
    "state": "état administratif {v} : A (actif), F (fermé) ou C (cessée) est attendu.",
    "day": "date {v} : elle n’existe pas ou n’est pas écrite AAAA-MM-JJ.",
    "days_order": "date {v} : la période finit avant de commencer.",
    "commune": "commune {v} : inconnue du code officiel géographique, même parmi les anciennes communes.",
    "band": "tranche d’effectif {v} : ce code n’est pas de ceux de l’Insee (NN, 00, 01… 53).",
    "year": "année {v} : quatre chiffres sont attendus.",
    "naf": "code d’activité {v} : ce n’est pas un code de sa nomenclature (par exemple 25.62B).",
    "boolean": "valeur {v} : true ou false est attendu.",
    "employer": "caractère employeur {v} : O ou N est attendu.",
    "legal_category": "catégorie juridique {v} : quatre chiffres sont attendus.",
    "company_category": "catégorie d’entreprise {v} : PME, ETI ou GE est attendu.",
    "social_economy": "économie sociale et solidaire {v} : O ou N est attendu.",
    "coordinate": "coordonnée {v} : un nombre de mètres est attendu, avec un point pour les décimales.",
    "label": "cette cellule contient une formule de tableur ou un octet de contrôle, et non un nom ou une adresse.",
    "count": "nombre {v} : un entier positif est attendu (une case secrète est laissée vide).",
    "period_again": "SIRET {v} : une période de même début a déjà été vue plus haut ; la première est gardée.",
    "link_again": "SIRET {v} : ce lien de succession a déjà été vu plus haut ; le premier est gardé.",
    "commune_empty": "commune absente. Complétez-la, ou retirez la ligne.",
    "notice_id": "identifiant d’annonce absent. Reprenez l’export tel qu’il est publié.",
    "notice_again": "annonce {v} : déjà vue plus haut dans le fichier ; la première ligne est gardée.",
    "family": "famille d’annonce {v} : ce n’est pas une famille du BODACC (vente, radiation, collective…).",
    "day_to_come": "date {v} : elle est à venir, une annonce ne peut pas être déjà parue.",
    "successor_same": "SIRET {v} : l’établissement se succéderait à lui-même.",
    "ape": "code APE {v} : ce n’est pas un code de la NAF (par exemple 2562B).",
}
