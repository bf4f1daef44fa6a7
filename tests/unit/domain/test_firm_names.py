"""Names of firms in usual case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.firm_names import IMAGINARY, is_imaginary, usual_case


@pytest.mark.parametrize(
    ("official", "usual"),
    [
        ("ORLMARKA MECANIQUE INDUSTRIELLE (imaginaire)", "Orlmarka Mécanique industrielle"),
        ("MECANIQUE INDUSTRIELLE ORLMARKA", "Mécanique industrielle Orlmarka"),
        ("ROBOTIQUE DU PUITS VAILLANT", "Robotique du Puits Vaillant"),
        ("MOULIN DE LA MER ET DES FORETS", "Moulin de la mer et des forêts"),
        ("SARL ORLMARKA", "SARL Orlmarka"),
        ("SAS TRAVAUX PUBLICS BREMOLEC ET FILS", "SAS Travaux publics Bremolec et fils"),
        ("EARL DE L'ORMEAU BLEU", "EARL de l’Ormeau Bleu"),
        ("GAEC LES TROIS CHENETS", "GAEC Les Trois Chenets"),
        ("GROUPE SARL ORLMARKA", "Groupe SARL Orlmarka"),
        ("L'ATELIER D'ORLMARKA", "L’Atelier d’Orlmarka"),
        ("ATELIER D'ART", "Atelier d’art"),
        ("CHAMBRES D'HOTES BRELMON", "Chambres d’hôtes Brelmon"),
        ("REST'O BRELMONT", "Rest’o Brelmont"),
        ("COIFF'HAIR", "Coiff’Hair"),
        ("O'BRELMAN", "O’Brelman"),
        ("D'ORMALEC", "D’Ormalec"),
        ("SCI SAINT-BRELMON-DE-RIVE", "SCI Saint-Brelmon-de-Rive"),
        ("JEAN-BREL TRANSPORTS", "Jean-Brel Transports"),
        ("PRET-A-PORTER BRELMON", "Prêt-à-porter Brelmon"),
        ("AGRO-ALIMENTAIRE DE L'OUEST", "Agro-alimentaire de l’Ouest"),
        ("E-COMMERCE BRELMON", "E-commerce Brelmon"),
        ("ORLMARKA II", "Orlmarka II"),
        ("LOUIS XIV MEUBLES", "Louis XIV Meubles"),
        ("MAISON DU XXE", "Maison du XXe"),
        ("DIX MIX", "Dix Mix"),
        ("BRLM TP 85", "BRLM TP 85"),
        ("A.B.C. PLOMBERIE", "A.B.C. Plomberie"),
        ("TRANSPORTS LE BRELMEN", "Transports Le Brelmen"),
        ("ETS BRELMON & CIE", "Ets Brelmon & Cie"),
        ("BRELMON ET ASSOCIES", "Brelmon et associés"),
        ("IMPRESSION 3D ORLMARKA", "Impression 3D Orlmarka"),
        ("BRELMON.FR", "Brelmon.fr"),
        ("ST BRELMON NAUTISME", "St Brelmon Nautisme"),
        ("SOCIETE GENERALE DE CHARPENTE", "Société générale de charpente"),
        ("ÉTUDES ÉLECTRONIQUES BRÉLMON", "Études électroniques Brélmon"),
        ("Orlmarka déjà écrit SARL", "Orlmarka déjà écrit SARL"),
        ("iBrelmon", "iBrelmon"),
        ("123", "123"),
        ("", ""),
        (IMAGINARY, IMAGINARY),
    ],
)
def test_a_name_is_written_as_a_page_writes_it(official: str, usual: str) -> None:
    assert usual_case(official) == usual


@given(st.text(max_size=60))
def test_no_name_is_lost_or_refused(name: str) -> None:
    written = usual_case(name)
    assert bool(written.strip()) == bool(name.strip())


@given(st.text("ABCDEILMNORSTUV' -&.3", max_size=40))
def test_only_case_accents_and_apostrophes_change(name: str) -> None:
    bare = str.maketrans({"’": "'", "à": "a", "é": "e", "è": "e", "ê": "e", "â": "a", "î": "i", "ô": "o", "ç": "c"})
    assert usual_case(name).lower().translate(bare).replace("œ", "oe") == name.strip().lower()


def test_the_mark_of_simulated_names_is_recognised() -> None:
    assert is_imaginary(f"ORLMARKA {IMAGINARY}")
    assert not is_imaginary("ATELIER IMAGINAIRE") and not is_imaginary(None)
