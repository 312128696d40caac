"""What is to be done because of an incident: to end it, and so that it does not happen again."""
