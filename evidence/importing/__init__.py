"""Bringing what exists: many files and a list of what they are become evidence."""
