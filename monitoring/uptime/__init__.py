"""How much of a time something was up."""
