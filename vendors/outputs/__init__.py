"""What vendors mean elsewhere: populations for testing."""
