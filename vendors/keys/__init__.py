"""The register of API keys of vendors. The keys themselves are never here."""
