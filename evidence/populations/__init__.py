"""Populations for testing: every event of one kind in a period, frozen with the statement of its source."""
