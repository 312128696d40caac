"""Who is on call, whom an alarm reaches and when, and by which channel."""
