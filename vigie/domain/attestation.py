"""Who may speak for a firm: the kinds of proof, the sentence of each, and what each lets a head do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Proof(StrEnum):
    """How somebody proves that they speak for a firm; the first three are only somebody's word."""

    INVITATION = "invitation"
    DECLARED = "declared"
    ROLE = "role"
    LETTER = "letter"
    DOMAIN = "domain"
    HOST = "host"


class HeadAct(StrEnum):
    """What a head may do for a firm."""

    READ = "read"
    WRITE = "write"
    PUBLISH = "publish"
    OBJECT = "object"
    ANSWER = "answer"
    HIDE = "hide"


@dataclass(frozen=True, slots=True)
class ProofKind:
    """A kind of proof: how it reads in a list, what is said beside public words, and what it lets a head do."""

    sentence: str
    how: str
    lets: frozenset[HeadAct]


_PROVISIONAL = frozenset({HeadAct.READ, HeadAct.WRITE})
_WHOLE = frozenset(HeadAct)
PROOFS: dict[Proof, ProofKind] = {
    Proof.INVITATION: ProofKind("par invitation d’un agent", "", _PROVISIONAL),
    Proof.DECLARED: ProofKind("déclaré par la personne", "", _PROVISIONAL),
    Proof.ROLE: ProofKind("par un rôle donné par l’administrateur", "", _PROVISIONAL),
    Proof.LETTER: ProofKind(
        "par un lien envoyé à l’adresse que portait déjà le dossier de l’entreprise",
        "par un courriel à l’adresse connue de l’entreprise",
        _WHOLE,
    ),
    Proof.DOMAIN: ProofKind(
        "par un lien envoyé à une adresse du domaine de l’entreprise, confirmé par l’hébergeur",
        "par une adresse au domaine de l’entreprise",
        _WHOLE,
    ),
    Proof.HOST: ProofKind("par l’hébergeur, après vérification", "après vérification", _WHOLE),
}
"""Each kind of proof. A word lets its holder read and write within the organisation, in wait of an attestation; a proof
that does not come from whoever let them in opens the rest: public words, objections, answers in the firm's name."""

WAITING = (
    "Personne n’atteste encore que vous parlez pour cette entreprise : ce que vous écrivez n’est lu que dans votre "
    "organisation. Un courriel à l’adresse connue de l’entreprise, ou l’hébergeur, l’atteste."
)


ATTESTED = tuple(proof.value for proof, kind in PROOFS.items() if HeadAct.PUBLISH in kind.lets)
"""Proofs of heads whose words may be public; the others are provisional."""


def lets(proof: str, act: HeadAct) -> bool:
    """Tell whether a proof lets a head do something; an empty or unknown proof lets them read and write inside."""
    kind = PROOFS[Proof(proof)] if proof in set(Proof) else PROOFS[Proof.INVITATION]
    return act in kind.lets
