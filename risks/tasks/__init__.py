"""What is done about risks, followed until it is done."""
