"""Registers as CSV and Excel: out, and in again without loss, with a preview of what a file would do."""
