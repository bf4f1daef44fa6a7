"""A small file of values by commune, imaginary, and the card that describes it."""

from __future__ import annotations

from pathlib import Path

CARD = """
id: rail
title: Trajets en train
producer: Institut d'essai
licence: Licence Ouverte 2.0
citation: Institut d'essai, 2026
rhythm: annuel
kind: indicateur
columns:
  - {name: code_commune, as: territory}
  - {name: trajets, as: value}
layout: {territory_kind: commune, unit: trajets, vintage: "2025", additive: ADDITIVE}
"""


def write_values(folder: Path) -> None:
    """Write the file beside others."""
    (folder / "rail.csv").write_text("code_commune,trajets\n85191,12\n85047,3\n", "utf-8")


def write_card(data: Path, *, additive: bool = True) -> None:
    """Put the card of these values in an installation."""
    (data / "cards").mkdir(parents=True, exist_ok=True)
    (data / "cards" / "rail.yml").write_text(CARD.replace("ADDITIVE", str(additive).lower()), "utf-8")
