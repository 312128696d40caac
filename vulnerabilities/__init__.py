"""Scans, vulnerabilities and penetration tests."""
