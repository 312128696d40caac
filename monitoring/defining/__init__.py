"""Checks as people define them."""
