"""Resetting a person's second factor: one administrator asks, another one confirms, and the person may stop it."""
