"""What is open to those who have not shown a second factor is a short list, and stands here."""

from accounts.access import Audience, audience_of
from tests.routes import routes


def test_few_pages_are_open_without_a_second_factor():
    pages = [route for route in routes("grc.urls") if not hasattr(route.view, "actions")]
    opened = {route.name: audience_of(route.view) for route in pages}
    assert {name: audience for name, audience in opened.items() if audience != Audience.VERIFIED} == {
        "alive": Audience.EVERYBODY,
        "ready": Audience.EVERYBODY,
        "metrics": Audience.EVERYBODY,  # asks for a token of its own
        "check_call": Audience.EVERYBODY,  # its address is the secret
        "change_hook": Audience.EVERYBODY,  # asks for a signature of its own
        "api_schema": Audience.EVERYBODY,
        "accounts:sign_in": Audience.EVERYBODY,
        "accounts:forgotten": Audience.EVERYBODY,
        "accounts:new_password": Audience.EVERYBODY,  # asks for a second factor itself
        "accounts:accept_invitation": Audience.EVERYBODY,
        "accounts:company_choose": Audience.EVERYBODY,
        "accounts:company": Audience.EVERYBODY,
        "accounts:company_begin": Audience.EVERYBODY,
        "accounts:company_return": Audience.EVERYBODY,  # believes nothing but what its own session asked for
        "accounts:company_link": Audience.EVERYBODY,  # the same
        "accounts:company_join": Audience.EVERYBODY,
        "accounts:passkey_sign_in": Audience.EVERYBODY,  # the same
        "accounts:passkey_sign_in_ask": Audience.EVERYBODY,
        "accounts:passkey_add": Audience.SIGNED_IN,  # the first factor, or another one with a factor just shown
        "accounts:passkey_add_ask": Audience.SIGNED_IN,
        "accounts:passkey_ask": Audience.SIGNED_IN,
        "accounts:verify": Audience.SIGNED_IN,
        "accounts:enrol": Audience.SIGNED_IN,
        "accounts:sign_out": Audience.SIGNED_IN,
    }


def test_the_api_asks_for_a_token_itself():
    api = [route for route in routes("grc.urls") if hasattr(route.view, "actions")]
    assert {audience_of(route.view) for route in api} == {Audience.EVERYBODY}  # tests/test_urls.py asks each without a token


def test_no_page_of_an_organization_is():
    assert {audience_of(route.view) for route in routes("grc.urls_organization")} == {Audience.VERIFIED}
