"""What is approved comes into force, ends, and is looked at again on its day."""
