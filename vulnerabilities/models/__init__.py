"""The models of vulnerabilities."""
