"""Services that advise firms, with who is met there: what an organisation says of its own and of its partners."""

from __future__ import annotations

from sqlalchemy import Boolean, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import SERVED, Base, DataLife, Dated, Identified, Private, personal


class Adviser(Base, Identified, Dated, Private):
    """A service that advises firms: its subjects, its communes, whom it takes, when, and who is met there.

    `subjects` are words of `vigie.domain.advising`, `communes` codes, both separated by spaces; without communes it is
    the whole territory of the organisation. `days` are working days before an answer, 0 when none is promised. Bounds
    are both included (years of age, employees); `naf`, `naf_refused` and `forms` are codes separated by spaces. A name,
    an address and a telephone are those of a person: told outside only if that person agreed (`public`).
    """

    __tablename__ = "adviser"
    life = DataLife(
        "needs", ("advisers",), "interlocuteurs retirés depuis 30 jours", {"deleted_at": SERVED}, address="email"
    )
    service: Mapped[str] = mapped_column(String(200))
    antenna: Mapped[str] = mapped_column(String(200), default="")
    subjects: Mapped[str] = mapped_column(String(400))
    communes: Mapped[str] = mapped_column(String(4000), default="")
    hours: Mapped[str] = mapped_column(String(200), default="")
    days: Mapped[int] = mapped_column(Integer, default=0)
    least_years: Mapped[int | None] = mapped_column(Integer, default=None)
    most_years: Mapped[int | None] = mapped_column(Integer, default=None)
    least_staff: Mapped[int | None] = mapped_column(Integer, default=None)
    most_staff: Mapped[int | None] = mapped_column(Integer, default=None)
    naf: Mapped[str] = mapped_column(String(400), default="")
    naf_refused: Mapped[str] = mapped_column(String(400), default="")
    forms: Mapped[str] = mapped_column(String(400), default="")
    name: Mapped[str | None] = personal()
    email: Mapped[str | None] = personal()
    phone: Mapped[str | None] = personal()
    public: Mapped[bool] = mapped_column(Boolean, default=False)
