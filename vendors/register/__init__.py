"""The register of vendors: its list, its pages, its way out and in again."""
