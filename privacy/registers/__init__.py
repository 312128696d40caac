"""Registers as tables: out, edited elsewhere, and in again without loss."""
