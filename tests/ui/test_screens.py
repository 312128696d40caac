import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpResponse

from tests.ui.conftest import CardboardMember
from ui.screens import DetailScreen, FormScreen, ListScreen, screen


@screen("things.read")
def read(request, word="hello"):
    return HttpResponse(word)


@screen("things.write", methods=["POST"])
def write(request):
    return HttpResponse("written")


class Reading(ListScreen):
    permission = "things.read"

    def get(self, request, *args, **kwargs):
        return HttpResponse("list")


def test_a_member_with_the_permission_passes(ask):
    assert ask(read, word="hi").content == b"hi"
    assert ask(Reading.as_view()).content == b"list"


@pytest.mark.parametrize("view", [read, Reading.as_view()])
def test_it_does_not_exist_for_strangers(ask, view):
    with pytest.raises(Http404):
        ask(view, member=None)


@pytest.mark.parametrize("view", [read, Reading.as_view()])
def test_it_is_denied_without_the_permission(ask, view):
    with pytest.raises(PermissionDenied):
        ask(view, member=CardboardMember(may={"things.write"}))


@pytest.mark.parametrize(("view", "method"), [(read, "post"), (write, "get"), (Reading.as_view(), "put")])
def test_other_methods_are_refused(ask, view, method):
    assert ask(view, method).status_code == 405


def test_get_implies_head(ask):
    assert ask(read, "head").status_code == 200


@pytest.mark.parametrize("base", [ListScreen, DetailScreen, FormScreen])
def test_a_class_without_a_permission_cannot_be_defined(base):
    with pytest.raises(ImproperlyConfigured, match="names no permission"):
        type("Careless", (base,), {})


def test_views_carry_their_permission():
    assert [getattr(view, "permission", None) for view in (read, Reading.as_view())] == ["things.read", "things.read"]


def test_an_address_that_only_takes_forms_says_so(ask):
    assert b"only takes what a form or a button sends" in ask(write, "get").content
