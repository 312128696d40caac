"""Search: one field for every list, place and act."""
