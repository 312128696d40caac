"""What was validated, and what came of it: hashes, outcome, where it did not fit, how long it took."""
