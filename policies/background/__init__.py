"""Background checks: a register whose outcomes are sealed, and who had access before theirs."""
