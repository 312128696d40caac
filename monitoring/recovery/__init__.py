"""Recovery tests and capacity reviews."""
