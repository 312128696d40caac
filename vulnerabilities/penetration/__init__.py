"""Penetration tests: planned, reported with what they found, closed when all of it is fixed or accepted."""
