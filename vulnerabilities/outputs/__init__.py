"""What scans and penetration tests mean elsewhere: controls at work, the binder, populations for testing."""
