import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import NoReverseMatch, get_script_prefix, set_script_prefix

from tests.ui.conftest import CardboardMember, prepared
from ui.navigation import Chooser, Link, groups_for, register_chooser, register_header, register_place, registry
from ui.templatetags.ui import site_url
from ui.views import csrf_failure


def frame(path="/list/", *, member=None, cookies=None):
    request = prepared(RequestFactory().get(path), member)
    request.COOKIES.update(cookies or {})
    context = {"title": "A <page>"}
    return engines["django"].from_string('{% extends "base.html" %}').render(context, request)


def test_each_member_sees_the_places_they_may_use_in_the_order_of_the_groups():
    register_place("settings", "Members", "list", "members.read")
    register_place("access", "Reviews", "deeper", "reviews.read")
    register_place("home", "My work", "work", None)
    request = prepared(RequestFactory().get("/"), CardboardMember(may={"reviews.read"}))
    assert [(g.key, [link.label for link in g.links]) for g in groups_for(request)] == [
        ("home", ["My work"]),
        ("access", ["Reviews"]),
    ]


def test_the_deepest_place_is_the_current_one():
    register_place("access", "Reviews", "list", None)
    register_place("access", "Deeper", "deeper", None)
    request = prepared(RequestFactory().get("/list/deeper/7/"), CardboardMember())
    assert [link.label for g in groups_for(request) for link in g.links if link.current] == ["Deeper"]


def test_registering_twice_replaces():
    register_place("access", "Reviews", "list", None)
    register_place("access", "All reviews", "list", None)
    assert [place.label for place in registry.places] == ["All reviews"]


def test_an_unknown_group_is_a_mistake():
    with pytest.raises(KeyError):
        register_place("nowhere", "Reviews", "list", None)


def test_the_title_is_the_page_s_and_the_heading():
    text = frame(member=CardboardMember())
    assert "<title>A &lt;page&gt; · Acme</title>" in text
    assert "<h1>A &lt;page&gt;</h1>" in text


def test_the_header_counts_my_work():
    register_header(work_url="work", work_count=lambda request: 12)
    assert '<span class="count">12<span' in frame(member=CardboardMember())


def test_strangers_see_no_rail():
    text = frame()
    assert 'class="rail"' not in text
    assert "<h1>" in text


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><script>', "system"), ("", "system")])
def test_the_theme_is_drawn_by_the_server(cookie, theme):
    assert f'data-theme="{theme}"' in frame(cookies={"theme": cookie})


def test_site_urls_ignore_the_organization_s_prefix():
    before = get_script_prefix()
    set_script_prefix("/o/acme/")
    try:
        assert site_url("accounts:sign_in") == "/sign-in/"
        assert get_script_prefix() == "/o/acme/"
    finally:
        set_script_prefix(before)


def test_a_missing_site_url_is_a_mistake_unless_optional():
    assert site_url("accounts:missing", optional=True) == ""
    with pytest.raises(NoReverseMatch):
        site_url("accounts:missing")


def test_an_expired_form_is_explained():
    response = csrf_failure(prepared(RequestFactory().post("/"), None), reason="no cookie")
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


@pytest.mark.parametrize("code", [400, 403, 404, 409, 500])
def test_every_error_page_stands_without_a_request(code):
    assert "<h1>" in render_to_string(f"{code}.html")


def test_the_header_offers_a_choice_only_to_pages_that_follow_it():
    other = Link("2025", "/list/?year=2025", current=False)
    register_chooser("year", lambda request: Chooser("Year", "2026", (other,)) if request.path == "/list/" else None)
    text = frame(member=CardboardMember())
    assert '<a href="/list/?year=2025">2025</a>' in text
    assert "chooser" not in frame("/list/deeper/7/", member=CardboardMember())
    assert "chooser" not in frame()


def test_what_is_seldom_needed_is_folded_away_until_somebody_is_there():
    register_place("access", "Reviews", "list", None)
    register_place("access", "Settings of reviews", "deeper", None, more=True)
    folded, there = frame("/work/", member=CardboardMember()), frame("/list/deeper/", member=CardboardMember())
    assert "<details>" in folded
    assert "Settings of reviews" in folded
    assert "<details open>" in there


def test_a_group_of_nothing_but_what_is_seldom_needed_is_not_folded():
    register_place("access", "Settings of reviews", "deeper", None, more=True)
    assert "<details" not in frame("/list/deeper/", member=CardboardMember())
