"""Freezes, the calendar and what may go."""
