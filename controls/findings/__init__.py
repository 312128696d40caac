"""Findings: raised, put right, retested by somebody else, or accepted by name with an end."""
