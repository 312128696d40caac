"""A kind of documentation is as good as the least of its documents; what nobody can tell is never good."""

import pytest

from controls.binder.documents import Document, Presence, Shelf


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ("present present", "present"),
        ("present stale", "stale"),
        ("stale not_evaluable present", "not_evaluable"),
        ("not_evaluable", "not_evaluable"),
        ("not_evaluable missing", "incomplete"),
        ("incomplete stale", "incomplete"),
        ("missing missing", "missing"),
    ],
)
def test_a_shelf_is_as_good_as_the_least_of_its_documents(documents, expected):
    shelf = Shelf("policies", "Policies", [Document("One", Presence(word)) for word in documents.split()])
    assert shelf.presence == expected
    assert (shelf.badge.tone == "ok") == (expected == "present")
