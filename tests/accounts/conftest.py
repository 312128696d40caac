"""The browser, for the pages."""

from tests.browser import browser, site, watch  # noqa: F401 (fixtures)
