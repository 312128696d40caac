"""What vendors mean elsewhere: populations for testing, the shelf of the binder."""
