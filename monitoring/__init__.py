"""Health checks, uptime, recovery tests, and the health of the product itself."""
