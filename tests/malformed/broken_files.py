"""Files that cannot be read at all: how each is spoiled, and what must be said of it."""

from __future__ import annotations

import gzip
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests import official_files as official

ESTABLISHMENTS = "StockEtablissement_utf8"
HISTORY = "StockEtablissementHistorique_utf8.csv"
JOBS_WITHOUT_APE = "code_commune;effectifs_salaries_2023;nombre_d_etablissements_2023\n"
GOOD = [official.establishment(number) for number in range(1, 41)]
TEXT = official.table(official.ESTABLISHMENT_54, GOOD)
BYTES = TEXT.encode()


@dataclass(frozen=True)
class Broken:
    """A spoiled file: `make` writes it; the message must hold `words`, and the line and column when given."""

    id: str
    make: Callable[[Path], Path]
    words: str
    line: int | None = None
    column: str | None = None


def text(content: str | bytes, name: str = f"{ESTABLISHMENTS}.csv") -> Callable[[Path], Path]:
    """Return a maker of one file."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


Change = Callable[[list[str]], list[str]]


def header(change: Change) -> Callable[[Path], Path]:
    """Return a maker of a file of establishments whose header was changed, its rows following."""
    return text(official.table(tuple(change(list(official.ESTABLISHMENT_54))), GOOD))


def head_of(columns: tuple[str, ...], change: Change, name: str) -> Callable[[Path], Path]:
    """Return a maker of another file, of which only the header is written."""
    return text(official.table(tuple(change(list(columns))), []), name)


def without(column: str) -> Callable[[list[str]], list[str]]:
    return lambda columns: [name for name in columns if name != column]


def renamed(column: str, to: str) -> Callable[[list[str]], list[str]]:
    return lambda columns: [to if name == column else name for name in columns]


def zipped(members: dict[str, str | bytes]) -> Callable[[Path], Path]:
    return lambda folder: official.zipped(folder / f"{ESTABLISHMENTS}.zip", members)


def encrypted(folder: Path) -> Path:
    """A zip whose only member says that it is encrypted."""
    path = zipped({f"{ESTABLISHMENTS}.csv": TEXT})(folder)
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.index(mark) + place
        content[start : start + 2] = struct.pack("<H", 1)
    path.write_bytes(content)
    return path


def cut(name: str, share: float) -> Callable[[Path], Path]:
    """Return a maker of a whole file of which the end is missing."""

    def make(folder: Path) -> Path:
        path = official.write(folder / name, official.ESTABLISHMENT_54, GOOD)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])
        return path

    return make


def spoiled_inside(name: str, share: float) -> Callable[[Path], Path]:
    """Return a maker of a whole file with a run of zeros somewhere in its compressed data."""

    def make(folder: Path) -> Path:
        path = official.write(folder / name, official.ESTABLISHMENT_54, GOOD)
        content = bytearray(path.read_bytes())
        start = int(len(content) * share)
        content[start : start + 64] = bytes(64)
        path.write_bytes(content)
        return path

    return make


def bomb(folder: Path) -> Path:
    path = folder / f"{ESTABLISHMENTS}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(f"{ESTABLISHMENTS}.csv", "w") as out:
        out.write(BYTES)
        for _ in range(64):
            out.write(bytes(1 << 20))
    return path


def gzip_bomb(folder: Path) -> Path:
    path = folder / f"{ESTABLISHMENTS}.csv.gz"
    with gzip.open(path, "wb") as out:
        out.write(BYTES)
        for _ in range(64):
            out.write(b"," * (1 << 20))
    return path


def both_formats(folder: Path) -> Path:
    for suffix in (".csv", ".zip"):
        official.write(folder / f"{ESTABLISHMENTS}{suffix}", official.ESTABLISHMENT_54, GOOD)
    return folder


def lines(change: Callable[[list[str]], list[str]]) -> Callable[[Path], Path]:
    return text("\n".join(change(TEXT.splitlines())) + "\n")


def at(index: int, change: Callable[[str], str]) -> Callable[[list[str]], list[str]]:
    return lambda rows: [change(row) if place == index else row for place, row in enumerate(rows)]


OLD_HEADER = "SIREN;NIC;L1_NORMALISEE;L2_NORMALISEE;APET700;DCRET;ENSEIGNE\n"
MIXED = [*GOOD[:20], *({**row, "identifiantAdresseEtablissement": "IMAGINAIRE"} for row in GOOD[20:])]
LATIN = TEXT.replace("RUE", "Allée").encode("latin-1")

# Seen while the file is recognised: nothing is built.
AT_THE_DOOR = [
    Broken("absent", lambda folder: folder / "rien.csv", "n’existe pas"),
    Broken("dossier_vide", lambda folder: folder, "aucun fichier à lire"),
    Broken("tableur", text(b"PK", f"{ESTABLISHMENTS}.xlsx"), "ce classeur ne se lit pas"),
    Broken("vide", text(b""), "est vide", 1),
    Broken("lignes_blanches", text(b"\n\n\n"), "est vide", 1),
    Broken("zip_vide", text(b"", f"{ESTABLISHMENTS}.zip"), "est vide", 1),
    Broken("utf16", text(TEXT.encode("utf-16")), "UTF-16", 1),
    Broken("utf16_sans_marque", text(TEXT.encode("utf-16-le")), "UTF-16", 1),
    Broken("en_tete_latin1", text("siren;dénomination\n".encode("latin-1")), "n’est pas en UTF-8", 1),
    Broken("binaire", text(bytes(range(256)) * 8), "n’est pas en UTF-8", 1),
    Broken("point_virgule", text(TEXT.replace(",", ";")), "point-virgule", 1),
    Broken("tabulation", text(TEXT.replace(",", "\t")), "tabulation", 1),
    Broken("sans_en_tete", text(TEXT.split("\n", 1)[1]), "colonne n°", 1),
    Broken("colonne_absente", header(without("siret")), "il lui manque la colonne siret", 1, "siret"),
    Broken("colonne_statut_absente", header(without("statutDiffusionEtablissement")), "statutDiffusion", 1,
           "statutDiffusionEtablissement"),
    Broken("colonne_renommee", header(renamed("etablissementSiege", "etablissementSiège")), "« etablissementSiège »", 1,
           "etablissementSiege"),
    Broken("casse_changee", header(renamed("dateDebut", "datedebut")), "« datedebut »", 1, "dateDebut"),
    Broken("nom_ancien", header(renamed("codeCommuneEtablissement", "codeInseeCommuneEtablissement")),
           "version plus ancienne", 1, "codeCommuneEtablissement"),
    Broken("plusieurs_absentes", header(lambda columns: [c for c in columns if not c.startswith("enseigne1") and
           c != "dateDebut"]), "il lui manque les colonnes", 1, "dateDebut"),
    Broken("colonne_double", header(lambda columns: [*columns[:-1], "siret"]), "présente deux fois", 1, "siret"),
    Broken("colonne_sans_nom", header(lambda columns: [*columns[:-1], ""]), "n’a pas de nom", 1),
    Broken("ancien_sirene", text(OLD_HEADER), "ancien fichier Sirene, publié jusqu’en 2018", 1),
    Broken("autre_fichier", text("a,b,c\n1,2,3\n", "inconnu.csv"), "celui d’aucune source connue", 1),
    Broken("page_web", text("<!doctype html>\n<html></html>\n", "StockUniteLegale_utf8.csv"), "il lui manque", 1,
           "siren"),
    Broken("unite_sans_statut", head_of(official.UNIT_35, without("statutDiffusionUniteLegale"), "u.csv"),
           "statutDiffusionUniteLegale", 1, "statutDiffusionUniteLegale"),
    Broken("historique_sans_fin", head_of(official.HISTORY, without("dateFin"), HISTORY),
           "dateFin", 1, "dateFin"),
    Broken("lien_sans_successeur", head_of(official.SUCCESSION, without("siretEtablissementSuccesseur"), "l.csv"),
           "siretEtablissementSuccesseur", 1, "siretEtablissementSuccesseur"),
    Broken("emplois_sans_ape", text(JOBS_WITHOUT_APE, "urssaf_1.csv"),
           "il lui manque la colonne code_ape", 1, "code_ape"),
    Broken("zip_tronque", cut(f"{ESTABLISHMENTS}.zip", 0.5), "tronquée ou abîmée"),
    Broken("zip_faux", text(TEXT, f"{ESTABLISHMENTS}.zip"), "tronquée ou abîmée"),
    Broken("zip_sans_csv", zipped({"LISEZMOI.txt": "rien"}), "aucun fichier CSV"),
    Broken("zip_deux_csv", zipped({"a.csv": TEXT, "b.csv": TEXT}), "2 fichiers CSV"),
    Broken("zip_mot_de_passe", encrypted, "mot de passe"),
    Broken("zip_bombe", bomb, "se déplie plus de 100 fois"),
    Broken("gzip_faux", text(TEXT, f"{ESTABLISHMENTS}.csv.gz"), "gzip est tronqué ou abîmé"),
    Broken("parquet_tronque", cut(f"{ESTABLISHMENTS}.parquet", 0.7), "n’est pas du Parquet"),
    Broken("parquet_faux", text(TEXT, f"{ESTABLISHMENTS}.parquet"), "n’est pas du Parquet"),
    Broken("deux_formats", both_formats, "contiennent la même table"),
]  # fmt: skip

# Seen while the rows are read.
IN_THE_BODY = [
    Broken("en_tete_seul", text(TEXT.splitlines()[0] + "\n"), "aucune ligne"),
    Broken("latin1", text(LATIN), "n’est pas de l’UTF-8", 2),
    Broken("octet_perdu", text(BYTES.replace(b"DU MOULIN", b"DU MOUL\xffN", 1)), "n’est pas de l’UTF-8", 2),
    Broken("champs_en_trop", lines(at(3, lambda row: row + ",en trop,")), "champs", 4),
    Broken("champs_en_moins", lines(at(3, lambda row: row.rsplit(",", 9)[0])), "champs", 4),
    Broken("ligne_coupee", text(TEXT[: len(TEXT) - 90]), "champs", 41),
    Broken("guillemet_ouvert", lines(at(2, lambda row: row.replace("RUE", '"RUE'))), "", None),
    Broken("gzip_tronque", cut(f"{ESTABLISHMENTS}.csv.gz", 0.6), "gzip est tronqué ou abîmé"),
    Broken("gzip_bombe", gzip_bomb, "se déplie plus de 100 fois"),
    Broken("zip_abime", spoiled_inside(f"{ESTABLISHMENTS}.zip", 0.5), "tronquée ou abîmée"),
    Broken("parquet_abime", spoiled_inside(f"{ESTABLISHMENTS}.parquet", 0.01), "Parquet est tronqué ou abîmé"),
    Broken("melange", text(official.table(official.ESTABLISHMENT_54, MIXED)), "imaginaires, les autres non", None,
           "identifiantAdresseEtablissement"),
]  # fmt: skip
