"""The journal: what people enter, kept forever, seen by whom it concerns."""
