"""Something is noticed, evaluated, and an incident opened."""
