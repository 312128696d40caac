"""What tests of policies share."""

from tests.browser import browser, site, watch  # noqa: F401 (fixtures)
