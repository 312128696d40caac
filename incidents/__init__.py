"""Security events, incidents with their times, and who is on call."""
