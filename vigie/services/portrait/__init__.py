"""The portrait of a territory: facts read once, findings by theme, one sentence that sums them up."""
