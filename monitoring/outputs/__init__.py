"""What monitoring means elsewhere: the binder, populations for testing."""
