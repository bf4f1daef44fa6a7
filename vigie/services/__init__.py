"""Use cases, one verb each."""
