"""What is open to those who have not shown a second factor is a short list, and stands here."""

from accounts.access import Audience, audience_of
from tests.routes import routes


def test_few_pages_are_open_without_a_second_factor():
    opened = {route.name: audience_of(route.view) for route in routes("grc.urls")}
    assert {name: audience for name, audience in opened.items() if audience != Audience.VERIFIED} == {
        "alive": Audience.EVERYBODY,
        "accounts:sign_in": Audience.EVERYBODY,
        "accounts:accept_invitation": Audience.EVERYBODY,
        "accounts:verify": Audience.SIGNED_IN,
        "accounts:enrol": Audience.SIGNED_IN,
        "accounts:sign_out": Audience.SIGNED_IN,
    }


def test_no_page_of_an_organization_is():
    assert {audience_of(route.view) for route in routes("grc.urls_organization")} == {Audience.VERIFIED}
