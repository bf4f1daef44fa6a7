"""A consultation that tests open, and imaginary people who vote in it from several places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from tests.journal.cast import Cast, Clock
from vigie.domain.consultation import College
from vigie.services.acts import Nothing
from vigie.services.consultations.answers import PreparedConsultation
from vigie.services.consultations.preparing import OPENED, PREPARED, SEEDED, ConsultationEntry, Seeds
from vigie.services.desk import Desk

TEXTS = (
    "Il faut garder les ateliers vides du centre-bourg pour des artisans.",
    "Une zone d’activité de plus vaut mieux qu’un champ de plus.",
    "Les camions de livraison doivent contourner le bourg.",
    "Les apprentis doivent pouvoir se loger à moins de dix kilomètres.",
    "Chaque toiture d’usine devrait porter des panneaux solaires.",
    "Il vaut mieux quelques grandes usines que beaucoup de petites.",
    "Les écoles doivent ouvrir leurs ateliers aux entreprises le soir.",
    "Le train doit revenir, même s’il coûte plus que la route.",
)
Leaning = Callable[[int, int], str]
"""The vote of a person, by rank, on a statement, by rank."""


def entry(clock: Clock, days: int = 30, college: College = College.ALL, shares_with: str = "") -> ConsultationEntry:
    return ConsultationEntry(
        question="Que faire des ateliers de notre pays ?",
        becomes="Le conseil en débat et répond à chaque proposition.",
        becomes_on=clock.today + timedelta(days=days + 30),
        opens_on=clock.today,
        closes_on=clock.today + timedelta(days=days),
        college=college,
        shares_with=shares_with,
    )


def prepared(desk: Desk, cast: Cast, clock: Clock, texts: Sequence[str] = TEXTS) -> PreparedConsultation:
    made = desk.acts.run(cast.officer, PREPARED, "", entry(clock))
    return desk.acts.run(cast.officer, SEEDED, made.line.id, Seeds("\n".join(texts)))


def opened(desk: Desk, cast: Cast, clock: Clock) -> tuple[str, list[str]]:
    """Open a consultation, and return its identifier and those of its statements in the order of their texts."""
    made = desk.acts.run(cast.officer, OPENED, prepared(desk, cast, clock).line.id, Nothing())
    by_text = {one.text: one.id for one in made.statements}
    return made.line.id, [by_text[text] for text in TEXTS]


def come(
    desk: Desk,
    consultation: str,
    statements: Sequence[str],
    many: int,
    says: Leaning,
    *,
    start: int = 0,
    places: int = 8,
) -> list[str]:
    """Have people vote on every statement, each place in its turn, and return their secrets."""
    secrets = []
    for rank in range(start, start + many):
        secret = ""
        for at, statement in enumerate(statements):
            whence = f"192.0.2.{rank % places + 1}"
            secret = desk.consultations.voting.vote(consultation, secret, statement, says(rank, at), whence).secret
        secrets.append(secret)
    return secrets


def two_camps(rank: int, at: int) -> str:
    """All agree on the first statement; two camps part on the others."""
    if at == 0:
        return "agree"
    return "agree" if (rank + at) % 2 else "disagree"
