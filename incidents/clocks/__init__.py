"""Clocks of duties to notify: by when, from when on, decided by whom. Data to be confirmed with counsel, never legal advice."""
