"""How days are read: never in an order that could be another."""
