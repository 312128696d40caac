"""Schemas of documents: written in versions, guarded against hostile ones, one of them in force."""
