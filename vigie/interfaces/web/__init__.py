"""Web pages in French."""
