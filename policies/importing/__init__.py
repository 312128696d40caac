"""Policies that were approved elsewhere come in with their document and the minutes of their approval."""
