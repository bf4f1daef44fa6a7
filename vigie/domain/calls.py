"""Words of calls: what they ask for, who reads them, where they stand."""

from __future__ import annotations

KINDS = {"need": "besoin", "offer": "offre", "co_innovation": "appel à co-innovation"}
"""Kinds of calls, in words."""

PUBLIC, NETWORK = "public", "network"
VISIBILITIES = {PUBLIC: "tout le monde", NETWORK: "les membres du réseau"}
"""Who may read a call, in words."""

PUBLISHED, CLOSED, MODERATED = "published", "closed", "moderated"
STATES = {PUBLISHED: "ouvert", CLOSED: "clos", MODERATED: "retiré par la modération"}
"""Where a call stands, in words."""

CORRECTED = {"kind": "la sorte", "title": "le titre", "text": "le texte", "closes_on": "le dernier jour pour répondre"}
"""What a correction may change, in words."""

UNCONFIRMED, RECEIVED = "unconfirmed", "received"
"""Where an answer stands: an address without account must be proved before its answer is shown."""

SOURCING = "préparation d’un achat public (article R2111-1 du code de la commande publique)"
"""What a call by a public buyer is: the same information for all, a public log of the answers."""
