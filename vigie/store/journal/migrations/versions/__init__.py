"""One module a version; each says what it changes and undoes it."""
