"""Training: courses, who has to take which until when, who took them, and who has not."""
