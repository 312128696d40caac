"""Alerts of other systems: read, counted once for each fingerprint, and made into security events or incidents by rule."""
