"""Pure measures: tables or matrices in, findings out."""
