"""What incidents mean elsewhere: evidence, control events, the binder, populations for testing."""
