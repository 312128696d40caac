"""Vulnerabilities: handed on, accepted by name with an end, rated, retested where people found them, opened again."""
