"""Screens of evidence, and its files."""
