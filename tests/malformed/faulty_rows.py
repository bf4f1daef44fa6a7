"""Rows that cannot be kept: what is wrong with each, and what must be said of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests import official_files as official

SIRET, SIREN = official.siret(7), official.siren(7)


@dataclass(frozen=True)
class Faulty:
    """A row of a source with some cells changed; the fault must be on `column`, with `words` in its reason."""

    id: str
    source: str
    changes: dict[str, str] = field(hash=False)
    column: str
    words: str


def _establishment(id_: str, column: str, value: str, words: str, **others: str) -> Faulty:
    return Faulty(id_, "sirene_etablissement", {column: value, **others}, column, words)


def _siret(id_: str, value: str, words: str) -> Faulty:
    """A SIRET at fault, in a row that otherwise follows it."""
    return _establishment(id_, "siret", value, words)


def _unit(id_: str, column: str, value: str, words: str) -> Faulty:
    return Faulty(id_, "sirene_unite_legale", {column: value}, column, words)


def _period(id_: str, column: str, value: str, words: str) -> Faulty:
    return Faulty(id_, "sirene_historique", {column: value}, column, words)


def _link(id_: str, column: str, value: str, words: str) -> Faulty:
    return Faulty(id_, "sirene_succession", {column: value}, column, words)


def _job(id_: str, column: str, value: str, words: str) -> Faulty:
    return Faulty(id_, "urssaf_emploi", {column: value}, column, words)


WRONG_KEY = SIRET[:-1] + str((int(SIRET[-1]) + 1) % 10)

FAULTY = [
    _siret("siret_absent", "", "SIRET absent"),
    _siret("siret_treize", SIRET[1:], "13 chiffres au lieu de 14"),
    _siret("siret_quinze", SIRET + "0", "quatorze chiffres sont attendus"),
    _siret("siret_exposant", "9.00000070001E+13", "un tableur en a fait un nombre"),
    _siret("siret_exposant_court", "1.23E+13", "un tableur en a fait un nombre"),
    _siret("siret_exposant_virgule", "1,23E+13", "un tableur en a fait un nombre"),
    _siret("siret_lettre", SIRET[:-1] + "O", "quatorze chiffres sont attendus"),
    _siret("siret_espaces", f"{SIRET[:3]} {SIRET[3:6]} {SIRET[6:]}", "sans espace ni lettre"),
    _siret("siret_decimal", f"{SIRET}.0", "sans espace ni lettre"),
    _siret("siret_negatif", "-" + SIRET[1:], "sans espace ni lettre"),
    _siret("siret_chiffres_arabes", "٩" * 14, "sans espace ni lettre"),
    _siret("siret_cle", WRONG_KEY, "clé de contrôle est fausse"),
    _establishment("siret_la_poste_faux", "siret", "35600000000002", "clé de contrôle est fausse",
                   siren="356000000", nic="00002"),
    _establishment("siren_d_un_autre", "siren", official.siren(8), "par lequel commence le SIRET"),
    _establishment("siren_absent", "siren", "", "par lequel commence le SIRET"),
    _establishment("nic_d_un_autre", "nic", "99999", "par lequel finit le SIRET"),
    _establishment("statut_absent", "statutDiffusionEtablissement", "", "O ou P est attendu"),
    _establishment("statut_inconnu", "statutDiffusionEtablissement", "D", "O ou P est attendu"),
    _establishment("etat_inconnu", "etatAdministratifEtablissement", "C ", "A (actif), F (fermé)"),
    _establishment("date_30_fevrier", "dateCreationEtablissement", "2015-02-30", "elle n’existe pas"),
    _establishment("date_francaise", "dateCreationEtablissement", "01/03/2015", "AAAA-MM-JJ"),
    _establishment("date_nombre", "dateCreationEtablissement", "42064", "AAAA-MM-JJ"),
    _establishment("date_an_3015", "dateCreationEtablissement", "3015-03-01", "elle n’existe pas"),
    _establishment("date_an_0", "dateDebut", "0001-01-01", "elle n’existe pas"),
    _establishment("date_de_traitement", "dateDernierTraitementEtablissement", "hier", "AAAA-MM-JJ"),
    _establishment("commune_inconnue", "codeCommuneEtablissement", "85999", "même parmi les anciennes communes"),
    _establishment("commune_sans_zero", "codeCommuneEtablissement", "1004", "inconnue du code officiel"),
    _establishment("commune_code_postal", "codeCommuneEtablissement", "85000", "inconnue du code officiel"),
    _establishment("tranche_inconnue", "trancheEffectifsEtablissement", "13", "n’est pas de ceux de l’Insee"),
    _establishment("tranche_sans_zero", "trancheEffectifsEtablissement", "1", "n’est pas de ceux de l’Insee"),
    _establishment("tranche_date", "trancheEffectifsEtablissement", "03-janv", "n’est pas de ceux de l’Insee"),
    _establishment("annee", "anneeEffectifsEtablissement", "23", "quatre chiffres"),
    _establishment("employeur", "caractereEmployeurEtablissement", "oui", "O ou N est attendu"),
    _establishment("siege", "etablissementSiege", "1", "true ou false est attendu"),
    _establishment("naf_sans_lettre", "activitePrincipaleEtablissement", "25.62", "pas un code de sa nomenclature"),
    _establishment("naf_sans_point", "activitePrincipaleEtablissement", "2562B", "pas un code de sa nomenclature"),
    _establishment("naf_date", "activitePrincipaleEtablissement", "1962-01-25", "pas un code de sa nomenclature"),
    _establishment("naf25", "activitePrincipaleNAF25Etablissement", "25.5", "pas un code de sa nomenclature"),
    _establishment("x_texte", "coordonneeLambertAbscisseEtablissement", "à droite", "un nombre de mètres"),
    _establishment("y_virgule", "coordonneeLambertOrdonneeEtablissement", "6627800,5", "un nombre de mètres"),
    _establishment("formule_enseigne", "enseigne1Etablissement", '=HYPERLINK("http://a";"b")', "formule de tableur"),
    _establishment("formule_voie", "libelleVoieEtablissement", "=1+1", "formule de tableur"),
    _establishment("formule_dde", "denominationUsuelleEtablissement", "@cmd|' /C calc'!A0", "formule de tableur"),
    _establishment("octet_nul", "enseigne1Etablissement", "ATELIER\0 IMAGINAIRE", "octet de contrôle"),
    _unit("siren_huit", "siren", SIREN[:8], "8 chiffres au lieu de 9"),
    _unit("siren_exposant", "siren", "9.0E+8", "un tableur en a fait un nombre"),
    _unit("siren_cle", "siren", SIREN[:-1] + str((int(SIREN[-1]) + 3) % 10), "clé de contrôle est fausse"),
    _unit("unite_statut", "statutDiffusionUniteLegale", "", "O ou P est attendu"),
    _unit("unite_etat", "etatAdministratifUniteLegale", "F", "C (cessée)"),
    _unit("unite_date", "dateCreationUniteLegale", "2015-00-10", "elle n’existe pas"),
    _unit("categorie_juridique", "categorieJuridiqueUniteLegale", "SARL", "quatre chiffres"),
    _unit("categorie_entreprise", "categorieEntreprise", "TPE", "PME, ETI ou GE"),
    _unit("ess", "economieSocialeSolidaireUniteLegale", "oui", "O ou N est attendu"),
    _unit("nic_siege", "nicSiegeUniteLegale", "12", "cinq chiffres"),
    _unit("formule_nom", "denominationUniteLegale", "=SUM(A1:A9)", "formule de tableur"),
    _period("periode_date", "dateDebut", "2015-13-01", "elle n’existe pas"),
    _period("periode_a_rebours", "dateFin", "2001-01-01", "finit avant de commencer"),
    _period("periode_etat", "etatAdministratifEtablissement", "O", "A (actif), F (fermé)"),
    _period("periode_naf", "activitePrincipaleEtablissement", "XX.ZZZ", "pas un code de sa nomenclature"),
    _link("lien_siret", "siretEtablissementSuccesseur", "12", "2 chiffres au lieu de 14"),
    _link("lien_a_soi", "siretEtablissementSuccesseur", SIRET, "se succéderait à lui-même"),
    _link("lien_date", "dateLienSuccession", "2024-06-31", "elle n’existe pas"),
    _link("lien_drapeau", "transfertSiege", "O", "true ou false est attendu"),
    _job("emploi_commune", "code_commune", "00000", "inconnue du code officiel"),
    _job("emploi_sans_commune", "code_commune", "", "commune absente"),
    _job("emploi_ape", "code_ape", "25", "pas un code de la NAF"),
    _job("emploi_negatif", "effectifs_salaries_2024", "-3", "un entier positif"),
    _job("emploi_demi", "effectifs_salaries_2023", "3.5", "un entier positif"),
    _job("emploi_texte", "nombre_d_etablissements_2023", "s", "un entier positif"),
]  # fmt: skip

# Odd, and right: kept.
KEPT = [
    ("la_poste", "sirene_etablissement", {"siret": "35600000000010", "siren": "356000000", "nic": "00010"}),
    ("commune_fusionnee", "sirene_etablissement", {"codeCommuneEtablissement": "85017"}),
    ("commune_absente", "sirene_etablissement", {"codeCommuneEtablissement": ""}),
    ("tranche_99", "sirene_etablissement", {"trancheEffectifsEtablissement": "99"}),
    ("naf_inconnue", "sirene_etablissement", {"activitePrincipaleEtablissement": "00.00Z"}),
    ("date_inconnue", "sirene_etablissement", {"dateCreationEtablissement": "1900-01-01"}),
    ("date_future", "sirene_etablissement", {"dateCreationEtablissement": "2027-01-01"}),
    ("nom_en_tiret", "sirene_etablissement", {"enseigne1Etablissement": "-10 % TOUTE L'ANNEE"}),
    ("nom_en_plus", "sirene_etablissement", {"enseigne1Etablissement": "+ QUE PARFAIT"}),
    ("nom_en_arobase", "sirene_etablissement", {"enseigne1Etablissement": "@TELIER"}),
    ("nom_avec_virgule", "sirene_etablissement", {"enseigne1Etablissement": 'DUPLEX, "FILS" ET\nCIE'}),
    ("nomenclature", "sirene_etablissement", {"nomenclatureActivitePrincipaleEtablissement": "NACE"}),
    ("naf_rev1", "sirene_etablissement", {"activitePrincipaleEtablissement": "28.5D",
                                         "nomenclatureActivitePrincipaleEtablissement": "NAFRev1"}),
    ("coordonnees_ailleurs", "sirene_etablissement", {"coordonneeLambertAbscisseEtablissement": "0"}),
    ("secret", "urssaf_emploi", {"effectifs_salaries_2024": ""}),
    ("categorie_sans_zero", "sirene_unite_legale", {"categorieJuridiqueUniteLegale": "0"}),
]  # fmt: skip
