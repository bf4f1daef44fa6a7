"""The examples that the CNIG publishes beside its schemas (Licence Ouverte 2.0), and files made of them.

As published, their geometries are those of the documentation of GeoJSON and of WKT (outside France, or with « … »), and
their centres have latitude first: `MENDED` puts real places there, `PUBLISHED` keeps what was. The two addresses are
those of example.org.
"""

from __future__ import annotations

from collections.abc import Mapping

SQUARE = (
    '{"type": "Polygon", "coordinates": '
    "[[[2.0, 49.9], [2.00418, 49.9], [2.00418, 49.9027], [2.0, 49.9027], [2.0, 49.9]]]}"
)
"""Nine hectares near Amiens."""
LARGE = (
    '{"type": "Polygon", "coordinates": '
    "[[[2.0, 49.9], [2.00848, 49.9], [2.00848, 49.9055], [2.0, 49.9055], [2.0, 49.9]]]}"
)
"""Thirty-seven hectares there."""
LAMBERT = "POLYGON((700000 6600000, 700129.4 6600000, 700129.4 6600129.4, 700000 6600129.4, 700000 6600000))"
"""16 745 m²."""

MENDED: Mapping[str, Mapping[str, str]] = {
    "pole": {
        "pole_id": "80024_POLE-ECO_00162", "pole_nom": "Les Bornes du Temps", "pole_vocadomi": "entrepôts, logistique",
        "pole_identif_date": "2016-03-26", "pole_actu_date": "2022-08-22", "pole_nb_site": "2", "pole_nb_etab": "40",
        "pole_nb_emploi": "1152", "pole_surface": "21", "pole_geompoint": "3.9815, 49.2527",
        "pole_rayonnement": "régional",
    },
    "site": {
        "site_id": "80024_SITE-ECO_00001", "pole_id": "80024_POLE-ECO_00162", "site_nom": "ZAC Les Bornes du Temps",
        "site_type": "zone d'activité économique", "site_vocadomi": "entrepôts, logistique", "site_etat": "existant",
        "site_surf_brute": "37.2", "site_surf_utile": "35.3", "site_creation_date": "2015",
        "site_identif_date": "2016-03-26", "site_actu_date": "2023-08-29",
        "site_description": "Une extension de la ZAC des Bornes du Temps existe : ZAC Les Bornes du Temps 2",
        "site_quali_territoire": "Site clé en main", "site_evol_urba": "extension",
        "site_url": "https://les-bornes-du-temps/index.html",
        "site_epci_nom": "Communauté de Communes Nièvre et Somme", "site_epci_siren": "200071223",
        "site_comm_nom": "Argoeuves", "site_comm_insee": "80024", "site_moa_type": "EPCI", "site_moa_nom": "Citadys",
        "site_moa_amngt": "SA Somme Aménagement Construction ", "site_moa_comm": "CommUrbanys", "site_uf_nbre": "15",
        "site_uf_vacant_nbre": "2", "site_taux_vacance": "13", "site_uf_bati_nbre": "9", "site_nb_etab": "10",
        "site_nb_emploi": "856", "site_geomsurf": LARGE, "site_geompoint": "2.0042, 49.9027",
        "site_media": "https://les-bornes-du-temps/index.htmlmedia//", "site_surf_comm_dispo": "5.7",
        "site_surf_projet": "12", "site_voca_industrielle": "oui", "reseau_gaz": "oui", "reseau_fluvial": "non",
        "desserte_route_nom": "D378", "autoroute_nom": "A56", "autoroute_echang_dist": "17", "gare_nom": "Abbeville",
        "gare_dist": "15", "port_nom": "Ailly-sur-Somme", "port_dist": "4",
    },
    "terrain": {
        "terr_id": "80024_TERRAIN-ECO_00131", "site_id": "80024_SITE-ECO_00001",
        "terr_refcad": "80024000ZO0030|80024000ZO0034|80024000ZO0035", "terr_surf_brute": "9.0", "terr_utile": "Oui",
        "terr_identif_date": "2023-08-29", "terr_actu_date": "2023-08-29",
        "terr_maitrise_fonc": "structure intercommunale", "terr_stade_amngt": "viabilisé et aménagé",
        "terr_stade_comm": "vendu, commercialisation achevée", "terr_etat_occup": "occupé",
        "terr_usage": "bâti productif", "terr_geomsurf": SQUARE, "terr_cle_en_main": "oui",
        "terr_acquereur": "SA Lactalys", "terr_cession_date": "2021-04-22", "terr_vente_montant": "530000",
        "terr_m2_prix": "5.35",
    },
    "etablissement": {
        "SIRET": "34749951900010", "SIREN": "347499519", "terr_id": "44003_TERRAIN-ECO_ 000131|44003_TERRAIN-ECO_00115",
        "ban-id": "80024_0030_00070", "bat-id": "LB4A-145Q-EXJ3|BAN9-6QE3-V62D|EM6H-F57J-7UDG",
        "etab_adresse": "Route de Villers-Bocage, 80470 Saint-Sauveur",
        "etab_raison_sociale": "Picardie service véhicules industriels", "etab_nat_juridique": "5710",
        "etab_nom": "Atelier des camions", "epci_nom": "Communauté de Communes Nièvre et Somme",
        "epci_siren": "200071223", "comm_nom": "Saint-Sauveur", "comm_insee": "80718", "etab_siege": "oui",
        "etab_creation_date": "2015-06-04", "etab_identif_date": "2016-03-26", "etab_actu_date": "2023-04-30",
        "etab_actif": "oui", "etab_fermeture_date": "2025-02-08",
        "etab_description": "Vente de véhicules neufs : tracteurs, chantier", "etab_activite_code": "4520B",
        "etab_activite_libelle": "Entretien et réparation d'autres véhicules automobiles", "etab_effectif_code": "3",
        "etab_effectif_libelle": "6 à 9 salariés", "etab_effectif_annee": "2022", "etab_source_info": "CCI de Amiens",
        "geocodage_qualite": "Localisation au bâtiment",
        "etab_geompoint": '{"type": "MultiPoint", "coordinates": [[2.3626, 50.0934], [2.1999, 49.9]]}',
        "etab_contact_mail": "contact-camions@example.org", "etab_contact_tel": "03 89 45 16 78",
    },
    "friche": {
        "site_id": "12083_22-12.0017", "site_nom": "Centre médical thermal", "site_type": "friche industrielle",
        "site_adresse": "875 rte de Pierrefond", "site_identif_date": "2003-05-18", "site_actu_date": "2019-06-23",
        "site_url": "http://fiches-risques.brgm.fr/georisques/basias-detaillee/AQI4008059",
        "site_securite": "interdictions ou limitations d'accès au site", "site_occupation": "partiellement inoccupé",
        "site_statut": "friche avec projet", "site_reconv_annee": "2022",
        "site_reconv_type": "aménagement d'espace public",
        "activite_libelle": "Extraction de houille|Terrils ou crassier de mines", "activite_code": "B05.10Z|V89.04Z",
        "activite_fin_annee": "1989", "comm_nom": "CRANSAC", "comm_insee": "12083", "bati_type": "secteur tertiaire",
        "bati_nombre": "2", "bati_surface": "2400", "bati_pollution": "inconnu", "bati_vacance": "vacant",
        "bati_patrimoine": "aucun", "bati_etat": "dégradation moyenne", "local_ancien_annee": "1976",
        "local_recent_annee": "1987", "proprio_type": "P4a|G1a|Z2b", "proprio_personne": "personne morale",
        "proprio_nom": "Commune de Cransac", "sol_pollution_annee": "1996", "sol_pollution_existe": "pollution avérée",
        "sol_pollution_origine": "pollution due au fonctionnement de l'installation",
        "unite_fonciere_surface": "16750",
        "unite_fonciere_refcad": "12083000AH0035|12083000AH0072|12083000AH0279|12083000AH0367",
        "urba_zone_type": "N", "urba_zone_lib": "Np", "urba_zone_formdomi": "202", "urba_doc_type": "PLUI",
        "desserte_distance": "2|6|46", "source_nom": "BASIAS", "source_url": "https://www.ecologie.gouv.fr/recyclage",
        "source_producteur": "Appel à projet Fond Friche", "source_contact": "friches@example.org",
        "geompoint": "POINT(3.0008 46.4967)", "geomsurf": LAMBERT,
    },
}  # fmt: skip
"""A sound line of each layout."""
_DOCUMENTED = '{"type": "Polygon", "coordinates": [[[30.0, 10.0],[40.0, 40.0],[20.0, 40.0],[10.0, 20.0],[30.0, 10.0]]]}'
PUBLISHED: Mapping[str, Mapping[str, str]] = {
    "site": {"site_geomsurf": _DOCUMENTED},
    "terrain": {"terr_geomsurf": _DOCUMENTED},
    "friche": {"geompoint": "POINT(49.2527 3.9815)", "geomsurf": "POLYGON((49.33 3.95, 49.38 3.89, 49.42 3.96, ...))"},
}  # fmt: skip
"""What the examples hold in the cells that were mended, and that cannot be kept."""


def written(*lines: Mapping[str, str], separator: str = ";", newline: str = "\n", mark: str = "") -> bytes:
    """Return a file of lines that all have the columns of the first, quoted where they must be."""
    titles = list(lines[0])
    rows = [titles, *([line.get(name, "") for name in titles] for line in lines)]
    text = newline.join(separator.join(_quoted(cell, separator) for cell in row) for row in rows)
    return f"{mark}{text}{newline}".encode()


def _quoted(cell: str, separator: str) -> str:
    needs = any(sign in cell for sign in (separator, '"', "\n", ","))
    return '"' + cell.replace('"', '""') + '"' if needs else cell
