"""Answers of vendors to our questions: read from their file, scored by a stated rule, followed by findings."""
