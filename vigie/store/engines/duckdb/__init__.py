"""DuckDB as a warehouse: one file per generation, read by many threads, written by one refresh."""
