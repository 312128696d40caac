"""What risks mean elsewhere: the binder, populations for testing."""
