"""How long it takes to detect, acknowledge, contain and resolve."""
