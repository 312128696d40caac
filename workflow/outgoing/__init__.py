"""The one way out: requests to other hosts, which never reach an address of the own network that nobody allowed."""
