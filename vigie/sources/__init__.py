"""Open data as published: one module per producer, one card per source; also the imaginary producer."""
