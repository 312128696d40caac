"""Processing integrity: documents validated against registered schemas, and what came of it."""
