"""What happens to a change from its submission to its end."""
