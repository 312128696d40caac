"""Forms of the inventory, by subject."""
