"""A secret in the query of an address is left out where it is shown, and stays when the address is written again."""

import pytest

from workflow.outgoing.masking import masked, secrets_of, unmasked


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/x?token=Zeppelin", "https://a.example/x?token=…"),
        ("https://a.example/x?page=2&api_key=Zepp%20elin&b=1#c", "https://a.example/x?page=2&api_key=…&b=1#c"),
        (
            "https://a.example/x?accessToken=1&X-Amz-Signature=2&sig=3",
            "https://a.example/x?accessToken=…&X-Amz-Signature=…&sig=…",
        ),
        ("https://a.example/x?monkey=1&keyword=2&design=3&token=", "https://a.example/x?monkey=1&keyword=2&design=3&token="),
        ("https://a.example/?b=%7e&a", "https://a.example/?b=%7e&a"),
        ("not an address", "not an address"),
    ],
)
def test_secrets_are_left_out_and_nothing_else(url, shown):
    assert masked(url) == shown
    assert masked(shown) == shown


def test_what_was_left_out_is_put_back():
    known = "https://a.example/x?page=2&api_key=Zepp%20elin%26&sig=3"
    assert secrets_of(known) == ["Zepp elin&", "3"]
    assert unmasked(masked(known), known) == known
    assert unmasked("https://a.example/y?sig=…&api_key=new", known) == "https://a.example/y?sig=3&api_key=new"
    assert unmasked("https://a.example/y?token=…", known) == "https://a.example/y?token=…"
