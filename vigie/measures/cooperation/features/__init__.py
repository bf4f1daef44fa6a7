"""The features of networks, one module each, and in which order they are told."""

from __future__ import annotations

from vigie.measures.cooperation.features import (
    adamic_adar,
    common_neighbours,
    jaccard,
    preferential_attachment,
    resource_allocation,
    shared_partners,
    similar_partners,
    theme_activity,
)

LEARNED = (shared_partners.FEATURE, theme_activity.FEATURE, similar_partners.FEATURE)
"""What the learned order weighs. City, age of the tie, kind and size added nothing measurable once these are in."""

BASELINES = (
    preferential_attachment.FEATURE,
    common_neighbours.FEATURE,
    adamic_adar.FEATURE,
    resource_allocation.FEATURE,
    jaccard.FEATURE,
    common_neighbours.EVERYWHERE,
    adamic_adar.EVERYWHERE,
)
"""Simple orders that a learned one must beat before it may say that it has learned anything."""
