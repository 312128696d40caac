"""The register: what could happen, how it is rated, treated, accepted and reviewed."""
