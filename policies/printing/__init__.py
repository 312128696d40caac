"""A version on paper: printed by a worker from one sheet, and kept as evidence once it is in force."""
