"""Exceptions: somebody may depart from a policy until a day, once somebody else has approved it."""
