"""The register as a file, out and in again without loss."""
