"""A browser for the pages with a script of their own."""

from tests.browser import browser, site, watch  # noqa: F401 (fixtures)
