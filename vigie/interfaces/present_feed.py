"""What a refresh did, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain import french

if TYPE_CHECKING:
    from vigie.services.refresh import RefreshReport


def refresh_sentences(report: RefreshReport) -> tuple[str, ...]:
    """Return what was loaded, what was masked, what was left out, and what changed since the former load."""
    sentences = [
        f"{french.counted(report.establishments, 'établissement')} et "
        f"{french.counted(report.legal_units, 'entreprise')} en service, chargés en "
        f"{french.quantity(report.seconds, 's', 1)} avec {french.quantity(report.peak_memory_mib, 'Mio')} au plus.",
        f"{french.counted(report.masked_establishments, 'établissement')} en diffusion partielle, masqués avant tout "
        "enregistrement.",
    ]
    if report.without_unit:
        sentences.append(
            f"{french.counted(report.without_unit, 'établissement masqué', 'établissements masqués')} faute d’unité "
            "légale : elle n’est pas dans les fichiers, ou sa ligne a été écartée."
        )
    if report.unchanged:
        sentences.append("Rien n’a changé : ces données étaient déjà en service.")
    elif report.events:
        sentences.append(f"{french.counted(report.events, 'événement')} depuis le chargement précédent.")
    sentences += [f"Attention. {remark}" for remark in report.remarks]
    if report.rejected_total:
        sentences.append(
            f"{french.counted(report.rejected_total, 'ligne écartée', 'lignes écartées')}, dont voici les premières :"
        )
    sentences.append(f"Génération {report.generation}.")
    return tuple(sentences)
