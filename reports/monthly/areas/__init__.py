"""What each area has to say in the report."""
