"""Looking: one try at something, by its kind."""
