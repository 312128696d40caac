"""The models of monitoring."""
