"""Who could work with whom, from who already does: features, weights, ranking, and what they are worth."""
