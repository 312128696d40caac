"""What tests of drafting share."""

from tests.browser import browser, site, watch  # noqa: F401 (fixtures)
