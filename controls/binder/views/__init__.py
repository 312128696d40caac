"""Screens of the binder."""
