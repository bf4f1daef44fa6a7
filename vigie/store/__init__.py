"""Tables, pipeline and ports: what is kept, how it is built, how it is read."""
