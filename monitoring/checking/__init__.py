"""What results say: the state of a check, its spans and outages."""
