"""Acknowledgement: who is asked to read and confirm which version, what they confirmed, and who has not."""
