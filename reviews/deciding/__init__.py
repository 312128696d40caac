"""Deciding who keeps access: the rules, the writes and the reviewer's screens."""
