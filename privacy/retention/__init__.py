"""Retention schedules, legal holds, deletions and their certificates."""
