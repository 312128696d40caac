"""The place of vulnerabilities in the frame."""

from ui.navigation import register_place
from vulnerabilities.rights import READ


def register() -> None:
    """Fill the registries."""
    register_place("incidents", "Vulnerabilities", "vulnerabilities:list", READ, order=60)
    register_place("incidents", "Scans", "vulnerabilities:scan-list", READ, order=62)
    register_place("incidents", "What is scanned", "vulnerabilities:scope-list", READ, order=63)
