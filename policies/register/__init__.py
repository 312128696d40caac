"""The register of policies: the list, the page of one, and what is kept of it beside what it says."""
