"""The situation of a firm in closed answers: links of the chain, business model, projects, maturity in Industry 4.0.

Everything is chosen in a list: nothing typed here can hold a price, a cost, a capacity or a name. Words are stored and
never change; labels may. Levels of maturity go from 0 to 3, in the order of their choices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vigie.domain.declarations import DeclarationSubject
from vigie.domain.french import capital

HELD, ENTRUSTED, MISSING, NONE = "held", "entrusted", "missing", "none"
_LINK = {HELD: "tenue par elle", ENTRUSTED: "confiée à d’autres", MISSING: "lui manque", NONE: "sans objet"}
_PROJECT = {"engaged": "engagé", "considered": "envisagé", NONE: "non"}
LEVELS = ("0", "1", "2", "3")


@dataclass(frozen=True, slots=True)
class SituationQuestion:
    """One closed question: its stored word, what it is called, what is asked, its choices in their order."""

    word: str
    label: str
    asks: str
    choices: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class SituationSection:
    """Questions told under one heading of what a firm says, in the order in which they are asked."""

    subject: DeclarationSubject
    title: str
    lead: str
    questions: tuple[SituationQuestion, ...]

    @property
    def anchor(self) -> str:
        """Return where the section stands in its page."""
        return self.subject.value


def _link(word: str, label: str, asks: str) -> SituationQuestion:
    return SituationQuestion(word, label, asks, _LINK)


def _project(word: str, label: str) -> SituationQuestion:
    return SituationQuestion(f"project_{word}", label, f"{label} ?", _PROJECT)


def _levels(word: str, label: str, asks: str, *levels: str) -> SituationQuestion:
    return SituationQuestion(f"maturity_{word}", label, asks, dict(zip(LEVELS, levels, strict=True)))


SECTIONS: tuple[SituationSection, ...] = (
    SituationSection(
        DeclarationSubject.CHAIN,
        "Ses étapes",
        "De l’idée au service : ce qu’elle tient, ce qu’elle confie, ce qui lui manque.",
        (
            _link("design", "conception", "Conception : étude, dessin, calcul"),
            _link("prototype", "prototype", "Prototype : maquette, essai, mise au point"),
            _link("fabrication", "fabrication", "Fabrication : usiner, former, transformer"),
            _link("assembly", "assemblage", "Assemblage : monter, intégrer, régler"),
            _link("control", "contrôle", "Contrôle : mesurer, certifier"),
            _link("delivery", "livraison", "Livraison : stocker, emballer, transporter"),
            _link("service", "service", "Service : poser, entretenir, réparer, reprendre"),
            _link("data", "données", "Données : logiciel, capteurs, suivi des usages"),
        ),
    ),
    SituationSection(
        DeclarationSubject.MODEL,
        "Son modèle d’affaires",
        "De quoi elle vit, et jusqu’où.",
        (
            SituationQuestion(
                "model_offer", "ce qu’elle vend", "Que vend-elle surtout ?",
                {"own": "ses propres produits", "order": "du travail à façon ou sur plans", "service": "des services",
                 "trade": "des produits faits par d’autres", "use": "un usage (location, abonnement)"},
            ),
            SituationQuestion(
                "model_clients", "à qui", "À qui surtout ?",
                {"firms": "à des entreprises", "people": "à des particuliers", "public": "à des acheteurs publics",
                 "mixed": "à plusieurs sortes de clients"},
            ),
            SituationQuestion(
                "model_reach", "jusqu’où", "Jusqu’où, pour l’essentiel ?",
                {"local": "autour d’elle", "region": "dans la région", "country": "en France", "world": "à l’étranger"},
            ),
        ),
    ),
    SituationSection(
        DeclarationSubject.PROJECTS,
        "Ses projets",
        "Dans les deux ans qui viennent.",
        (
            _project("product", "Un nouveau produit ou service"),
            _project("machine", "Une nouvelle machine ou ligne"),
            _project("premises", "De nouveaux locaux"),
            _project("hiring", "Des embauches"),
            _project("digital", "Un outil numérique"),
            _project("energy", "Moins d’énergie ou de matière"),
            _project("export", "De nouveaux pays"),
            _project("handover", "Une transmission ou une reprise"),
        ),
    ),
    SituationSection(
        DeclarationSubject.MATURITY,
        "Industrie 4.0, où elle en est",
        "Six questions : la réponse la plus proche suffit, et aucune n’est meilleure qu’une autre.",
        (
            _levels("machines", "machines", "Ses machines et outils",
                    "à la main", "à commande numérique", "reliées et suivies", "se règlent d’après leurs mesures"),
            _levels("tracking", "suivi de production", "Le suivi de sa production",
                    "sur papier", "dans un tableur", "dans un logiciel", "en temps réel"),
            _levels("exchange", "échanges de données", "Ses échanges avec clients et fournisseurs",
                    "téléphone et courriel", "fichiers convenus", "portail ou plateforme", "de logiciel à logiciel"),
            _levels("design", "conception numérique", "Ses plans et modèles",
                    "sur papier", "en deux dimensions", "en trois dimensions", "simulés avant de produire"),
            _levels("upkeep", "maintenance", "L’entretien de ses équipements",
                    "quand ils s’arrêtent", "à dates prévues", "d’après leurs mesures", "prédit à l’avance"),
            _levels("skills", "compétences numériques", "Qui s’en occupe chez elle",
                    "personne encore", "une personne", "une équipe formée", "chacun à son poste"),
        ),
    ),
)  # fmt: skip
"""What is asked, in the order of a conversation that lasts several visits."""
QUESTIONS: Mapping[str, SituationQuestion] = {one.word: one for section in SECTIONS for one in section.questions}
SUBJECT_OF: Mapping[str, DeclarationSubject] = {
    one.word: section.subject for section in SECTIONS for one in section.questions
}
LINKS = tuple(one.word for one in SECTIONS[0].questions)
AXES = tuple(one.word for one in SECTIONS[3].questions)


def sentence(word: str, answer: str) -> str:
    """Return an answer in words, as everybody who may read it does.

    >>> sentence("design", "missing")
    'Conception : lui manque'
    """
    one = QUESTIONS[word]
    return f"{capital(one.label)} : {one.choices[answer]}"


@dataclass(frozen=True, slots=True)
class FirmSaid:
    """What somebody may read of what a firm says, as features look at it.

    `answers` are its closed answers by question; `sought` the labels, by code of the vocabulary, of the capabilities
    that its needs tell; `able` the codes of those that it confirmed, with those that are wider.
    """

    answers: Mapping[str, str] = field(default_factory=dict, hash=False)
    sought: Mapping[str, str] = field(default_factory=dict, hash=False)
    able: frozenset[str] = frozenset()

    def links(self, answer: str) -> tuple[str, ...]:
        """Return the links of the chain answered so, in the order of the chain."""
        return tuple(word for word in LINKS if self.answers.get(word) == answer)

    @property
    def says_links(self) -> bool:
        """Tell whether any link of the chain was answered."""
        return any(word in self.answers for word in LINKS)

    def level(self, axis: str) -> int | None:
        """Return the level (0 to 3) on an axis of maturity, `None` where it was not answered."""
        answer = self.answers.get(axis)
        return None if answer is None else LEVELS.index(answer)


def brings(said: FirmSaid, to: FirmSaid) -> int:
    """Return how many links of the chain and capabilities one says to have of those that the other lacks or seeks."""
    return len(set(said.links(HELD)) & set(to.links(MISSING))) + len(said.able & set(to.sought))


def completes(one: FirmSaid, other: FirmSaid) -> int:
    """Return how many links and capabilities either of two firms brings to the other."""
    return brings(one, other) + brings(other, one)
