"""Passkeys: asking a browser for one, checking what it answers, and the pages on which people keep theirs."""
