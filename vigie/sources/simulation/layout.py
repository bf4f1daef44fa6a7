"""Headers of the official files, column by column, as published."""

from __future__ import annotations

NOT_PUBLISHED = "[ND]"
IMAGINARY_ADDRESS = "IMAGINAIRE"

_ADDRESS = (
    "complementAdresse{}Etablissement numeroVoie{}Etablissement indiceRepetition{}Etablissement "
    "typeVoie{}Etablissement libelleVoie{}Etablissement codePostal{}Etablissement libelleCommune{}Etablissement "
    "libelleCommuneEtranger{}Etablissement distributionSpeciale{}Etablissement codeCommune{}Etablissement "
    "codeCedex{}Etablissement libelleCedex{}Etablissement codePaysEtranger{}Etablissement "
    "libellePaysEtranger{}Etablissement"
)
_FIRST_ADDRESS = (
    _ADDRESS.format(*[""] * 14)
    .replace(
        "indiceRepetitionEtablissement",
        "indiceRepetitionEtablissement dernierNumeroVoieEtablissement indiceRepetitionDernierNumeroVoieEtablissement",
    )
    .split()
)

ESTABLISHMENT: tuple[str, ...] = (
    "siren", "nic", "siret", "statutDiffusionEtablissement", "dateCreationEtablissement",
    "trancheEffectifsEtablissement", "anneeEffectifsEtablissement", "activitePrincipaleRegistreMetiersEtablissement",
    "dateDernierTraitementEtablissement", "etablissementSiege", "nombrePeriodesEtablissement",
    *_FIRST_ADDRESS,
    "identifiantAdresseEtablissement", "coordonneeLambertAbscisseEtablissement",
    "coordonneeLambertOrdonneeEtablissement",
    *_ADDRESS.format(*["2"] * 14).split(),
    "dateDebut", "etatAdministratifEtablissement", "enseigne1Etablissement", "enseigne2Etablissement",
    "enseigne3Etablissement", "denominationUsuelleEtablissement", "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement", "caractereEmployeurEtablissement",
    "activitePrincipaleNAF25Etablissement",
)  # fmt: skip

LEGAL_UNIT: tuple[str, ...] = (
    "siren", "statutDiffusionUniteLegale", "unitePurgeeUniteLegale", "dateCreationUniteLegale", "sigleUniteLegale",
    "sexeUniteLegale", "prenom1UniteLegale", "prenom2UniteLegale", "prenom3UniteLegale", "prenom4UniteLegale",
    "prenomUsuelUniteLegale", "pseudonymeUniteLegale", "identifiantAssociationUniteLegale",
    "trancheEffectifsUniteLegale", "anneeEffectifsUniteLegale", "dateDernierTraitementUniteLegale",
    "nombrePeriodesUniteLegale", "categorieEntreprise", "anneeCategorieEntreprise", "dateDebut",
    "etatAdministratifUniteLegale", "nomUniteLegale", "nomUsageUniteLegale", "denominationUniteLegale",
    "denominationUsuelle1UniteLegale", "denominationUsuelle2UniteLegale", "denominationUsuelle3UniteLegale",
    "categorieJuridiqueUniteLegale", "activitePrincipaleUniteLegale", "nomenclatureActivitePrincipaleUniteLegale",
    "nicSiegeUniteLegale", "economieSocialeSolidaireUniteLegale", "societeMissionUniteLegale",
    "caractereEmployeurUniteLegale", "activitePrincipaleNAF25UniteLegale",
)  # fmt: skip

PERIOD: tuple[str, ...] = (
    "siren", "nic", "siret", "dateFin", "dateDebut", "etatAdministratifEtablissement",
    "changementEtatAdministratifEtablissement", "enseigne1Etablissement", "enseigne2Etablissement",
    "enseigne3Etablissement", "changementEnseigneEtablissement", "denominationUsuelleEtablissement",
    "changementDenominationUsuelleEtablissement", "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement", "changementActivitePrincipaleEtablissement",
    "caractereEmployeurEtablissement", "changementCaractereEmployeurEtablissement",
)  # fmt: skip

SUCCESSION: tuple[str, ...] = (
    "siretEtablissementPredecesseur", "siretEtablissementSuccesseur", "dateLienSuccession", "transfertSiege",
    "continuiteEconomique", "dateDernierTraitementLienSuccession",
)  # fmt: skip

# Emptied and marked [ND] by INSEE for a partially diffusible establishment, then for a legal unit: columns of a
# natural person, and of any legal unit.
# The identifier of the address is left as it is: on every row, it marks the file as imaginary.
MASKED_ESTABLISHMENT = frozenset(
    column
    for column in (*_FIRST_ADDRESS, "coordonneeLambertAbscisseEtablissement", "coordonneeLambertOrdonneeEtablissement",
                   "enseigne1Etablissement", "enseigne2Etablissement", "enseigne3Etablissement",
                   "denominationUsuelleEtablissement")
    if column not in ("libelleCommuneEtablissement", "codeCommuneEtablissement", "libelleCommuneEtrangerEtablissement",
                      "codePaysEtrangerEtablissement", "libellePaysEtrangerEtablissement")
)  # fmt: skip
MASKED_PERSON = frozenset(
    ("sexeUniteLegale", "prenom1UniteLegale", "prenom2UniteLegale", "prenom3UniteLegale", "prenom4UniteLegale",
     "prenomUsuelUniteLegale", "pseudonymeUniteLegale", "nomUniteLegale", "nomUsageUniteLegale",
     "denominationUniteLegale")
)  # fmt: skip
MASKED_UNIT = frozenset(
    ("sigleUniteLegale", "denominationUsuelle1UniteLegale", "denominationUsuelle2UniteLegale",
     "denominationUsuelle3UniteLegale")
)  # fmt: skip
