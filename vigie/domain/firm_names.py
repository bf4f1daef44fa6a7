"""How firms are named inside a French page: in usual case, from the capitals that the official register writes."""

from __future__ import annotations

import re
from functools import lru_cache

IMAGINARY = "(imaginaire)"
"""The mark that simulated names carry; a page says it once, beside its title."""
NAMES_KEPT = 4096
"""Names kept in memory: lists show the same ones again and again."""

_FORMS = (
    "SA SARL SAS SASU SNC SC SCA SCI SCM SCP SCEA SCIC SCOP SCOOP SELARL SELAS SELEURL EURL EARL EIRL GAEC GFA "
    "GIE GIP GEIQ CUMA ETA EI ESAT CFA CCI CMA BTP TP HLM ASL AFUL OGEC CSE ADMR MFR SDIS CAT USA UE IT IA BIM "
    "CNC VTC ULM PVC LED "
)
_ACRONYMS = frozenset(_FORMS.split())
"""Legal forms and usual acronyms, which have vowels and would otherwise be taken for words."""
_SHORTENED = {
    "ST": "St", "STE": "Ste", "STS": "Sts", "STES": "Stes", "DR": "Dr", "MR": "Mr", "MME": "Mme", "MLLE": "Mlle",
    "CIE": "Cie", "ETS": "Ets", "FRS": "Frs", "1ER": "1er", "1ERE": "1re",
}  # fmt: skip
"""Words that capitals would make look like acronyms."""
_LINKING = frozenset(
    ("de", "du", "des", "d", "et", "en", "sur", "sous", "au", "aux", "pour", "par", "dans", "sans", "avec")
)
_ARTICLES = frozenset(("le", "la", "les", "l"))
_ELIDED = frozenset(("d", "l", "s", "n", "j", "c", "m", "t", "qu"))
_ENDINGS = frozenset(("com", "fr", "eu", "net", "org", "bzh"))
_COMMON = (
    "gîte gîtes hôtes chambres rivière "
    "abattoir aciers agence agencement agencements agricole agricoles agriculture agro alimentaire alimentaires "
    "aliments aluminium ameublement aménagement aménagements analyse analyses animation application applications "
    "aquaculture architecture art artisan artisanal artisanale arts assainissement assistance association "
    "associées associés assurance assurances atelier ateliers audit autocars automatisme automatismes automobile "
    "automobiles avicole bergerie beurrerie bijouterie biotechnologies biscuiterie blanchisserie bois boucherie "
    "boulangerie brasserie broderie bureau bureautique bâtiment bâtiments béton cabinet caoutchouc carrelage "
    "carrières carrosserie cartonnerie centre charcuterie charpente charpentes charpentier charpentière "
    "chaudronnerie chauffage chaussures chimie cidrerie climatisation club clôtures coiffure collectif comité "
    "commerce commerces commercial commerciale communale communauté commune communes communication compagnie "
    "composites comptabilité comptable comptables conception confection confiserie confort conseil conseils "
    "conserverie conserves constructeur construction constructions contrôle coopérative copropriétaires "
    "cosmétique cosmétiques couture couverture création créations cuir cuirs cuisine cuisines culture cultures "
    "cycles câblage céramique céramiques design diffusion distillerie distribution domaine déchets décolletage "
    "décoration découpage délices déménagements département développement emballage emballages enseignes "
    "entreprise entreprises entretien environnement expertise exploitation export fabrication façades façonnage "
    "ferme fermes fermetures fermier fermière filature fils fine finition finitions fleurs foncière fondation "
    "fonderie forestier forestière formation formations forêts fournil fournitures fromagerie fruits frères "
    "garage garages gastronomie gestion granulats graphique gravure groupe génie général générale générales "
    "habitat habitation holding horlogerie horticulture hydraulique hôtel hôtellerie imagerie immobilier "
    "immobilière immobilières import imprimerie industrie industriel industrielle industrielles industriels "
    "informatique ingénierie injection innovation installation installations institut instruments intercommunal "
    "isolation jardin jardinerie jardins jouets laboratoire laiterie laitière laverie librairie livraison "
    "location logiciel logiciels logistique loisirs lunetterie légumes machines maintenance maison maisons "
    "manufacture maraîchage maraîchers marbrerie maritime maroquinerie matériaux matériel matériels maçonnerie "
    "menuiserie menuiseries mer messagerie mesure meubles meunerie minoterie mixte mobilier mode modelage moderne "
    "montage moulage moules moulin multiservices musique mutuelle mécanique mécanisation médical médicale métal "
    "métallerie métallique métalliques métaux nautique nautisme nettoyage numérique négoce optique organisation "
    "ostréiculture outillage outillages outils pains palettes papeterie parc parfumerie patrimoine paysage "
    "paysages peinture peintures pharmaceutique pharmacie photographie pisciculture pièces plaquiste plastique "
    "plastiques plasturgie plats plomberie plâtrerie poissonnerie polyculture porteur prestations primeurs "
    "production productions produits profilés projet promoteur promotion propreté prévention prêt public "
    "publicité publics publique publiques pâtisserie pépinières pêcherie qualité quincaillerie rampes rapide "
    "recherche recyclage reliure ressources restaurant restauration revêtements robotique rurale réalisation "
    "réalisations récupération rénovation réparation réparations résidence sablières salaisons salon santé "
    "savonnerie scierie secours secrétariat sellerie serres serrurerie service services social sociale sociétaire "
    "société solaire solidaire sols solutions soudage soudure spectacles sport sportif spéciaux stockage "
    "structures studio sylviculture syndicat systèmes sécurité sérigraphie sœurs tabac tannerie taxi taxis "
    "technique techniques technologie technologies terrassement terrassements textile textiles thermique "
    "thermoformage tissage toiture toitures tourisme tournage traditionnel traditionnelle traitement traitements "
    "traiteur transformation transport transports travaux tubes tuilerie télécom télécoms tôlerie usinage "
    "vaisselle vente ventes vergers vernis verrerie viandes vignoble vitrerie voirie volailles voyages "
    "vétérinaire vêtements éco écologique économie économique éditions électricité électrique électriques "
    "électronique électroniques élevage énergie énergies équine équipement équipements établissement "
    "établissements étude études événements "
)
_SIGNS = str.maketrans("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ", "AAACEEEEIIOOUUU")


def _plain(word: str) -> str:
    return word.upper().replace("Œ", "OE").translate(_SIGNS)


_TRADES = {_plain(word): word for word in _COMMON.split()}
"""Common nouns and adjectives of trades, by their capitals without accents: those are given back."""
_WORD = re.compile(r"[^\W_]+(?:(?:['’]|-)[^\W_]+)*['’]?")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_VOWEL = re.compile("[AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜŒ]")


def is_imaginary(name: str | None) -> bool:
    """Tell whether a name carries the mark of simulated data."""
    return bool(name) and str(name).endswith(IMAGINARY)


@lru_cache(NAMES_KEPT)
def usual_case(name: str) -> str:
    """Return a name as a French page writes it; one that is not all in capitals is kept as its firm writes it.

    Acronyms, legal forms and numerals keep their capitals, accents are given back to words of trades. The mark of
    simulated names is left out.

    >>> usual_case("EARL DE L'ATELIER D'ORLMARKA MECANIQUE INDUSTRIELLE (imaginaire)")
    'EARL de l’atelier d’Orlmarka Mécanique industrielle'
    """
    bare = name.removesuffix(IMAGINARY).strip() or name.strip()
    if bare != bare.upper():
        return bare
    made, end = [], 0
    before = "start"
    found = list(_WORD.finditer(bare))
    for rank, match in enumerate(found):
        following = found[rank + 1].group() if rank + 1 < len(found) else ""
        between = bare[end : match.start()]
        if between.strip(" ") and before != "start":
            before = "start" if "(" in between or " - " in between else "linking" if "&" in between else before
        word = match.group()
        if between == "." and word.lower() in _ENDINGS:
            written, before = word.lower(), "name"
        else:
            written, before = _written(word, before, following)
        made += [between, written]
        end = match.end()
    return "".join(made) + bare[end:]


def _written(word: str, before: str, following: str) -> tuple[str, str]:
    """Write one word, and tell what it is for the next one: a form, a linking word, a trade or a name."""
    if "'" in word or "’" in word:
        return _with_apostrophe(word, before, following)
    if "-" in word:
        return _with_hyphens(word, before)
    if word in _ACRONYMS:
        return word, "form" if before in ("start", "form") else "name"
    low = word.lower()
    if low in _LINKING | _ARTICLES:
        lowered = before == "linking" if low in _ARTICLES else before != "start"
        return (low if lowered else low.capitalize()), "linking"
    if trade := _TRADES.get(_plain(word)):
        lowered = before == "trade" or (before == "linking" and not _is_name(following))
        return (trade if lowered else _capital(trade)), "trade"
    return _proper(word), "name"


def _is_name(word: str) -> bool:
    """Tell whether a word that follows another makes a proper name of both (« du Puits Vaillant »)."""
    known = word in _ACRONYMS or word.lower() in _LINKING or word.lower() in _ARTICLES or _plain(word) in _TRADES
    return bool(word) and word.isalpha() and not known


def _with_apostrophe(word: str, before: str, following: str) -> tuple[str, str]:
    head, tail = re.split("['’]", word, maxsplit=1)
    if not tail:
        return f"{_written(head, before, '')[0]}’", before
    if head.lower() in _ELIDED:
        lowered = head.lower() if before != "start" else head.capitalize()
        named = following if head.lower() != "d" else ""  # « chambres d’hôtes », not « d’Hôtes »
        rest, kind = _written(tail, "linking" if before != "start" else "article", named)
        return f"{lowered}’{rest}", kind
    written = _written(head, before, tail)[0]
    parts = (_proper(part) if len(part) > 2 or len(head) == 1 else part.lower() for part in re.split("['’]", tail))
    return "’".join((written, *parts)), "name"


def _with_hyphens(word: str, before: str) -> tuple[str, str]:
    parts = word.split("-")
    head, kind = _written(parts[0], before, "")
    made = [head]
    for part in parts[1:]:
        low = part.lower()
        if low == "a":
            made.append("à")
        elif low in _LINKING | _ARTICLES:
            made.append(low)
        elif kind == "trade" or len(parts[0]) == 1:
            made.append(_TRADES.get(_plain(part), low))
        else:
            made.append(_proper(part))
    return "-".join(made), kind if kind == "trade" else "name"


def _proper(word: str) -> str:
    """Write a word that no list knows: a numeral or an acronym keeps its capitals, a name has one."""
    if word in _SHORTENED:
        return _SHORTENED[word]
    letters = [letter for letter in word if letter.isalpha()]
    if len(letters) != len(word):
        run = re.match(r"[^\W\d_]{4,}", word)
        return _capital(run.group().lower()) + word[run.end() :] if run else word
    if len(word) < 3 or _ROMAN.fullmatch(word) or not _VOWEL.search(word):
        return word
    if word.endswith("E") and len(word) > 2 and _ROMAN.fullmatch(word[:-1]):
        return f"{word[:-1]}e"
    return _capital(word.lower())


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
