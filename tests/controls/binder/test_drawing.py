"""Diagrams: no box on another, arrows join neighbours only, everything within the frame, and in words."""

import itertools
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controls.binder.drawing import cut, draw, words, wrapped
from controls.binder.layout import GAP, HIGH, WIDE, Arrow, Box, arranged, zones
from controls.binder.markdown import render

NAMES = [f"System {letter}" for letter in "ABCDEFGH"]
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1]), max_size=12)


def boxes_of(pairs: list[tuple[str, str]]) -> list[Box]:
    names = dict.fromkeys(name for pair in pairs for name in pair)
    return [Box(name, "Kind", is_outside=name == NAMES[0]) for name in names]


@given(pairs=PAIRS)
def test_boxes_stand_apart_within_the_frame_and_arrows_join_neighbours(pairs):
    sketch = arranged(boxes_of(pairs), [Arrow(one, two, str(n)) for n, (one, two) in enumerate(pairs)])
    places = [place for _, place in sketch.places]
    for one, two in itertools.combinations(places, 2):
        assert abs(one.x - two.x) >= WIDE or abs(one.y - two.y) >= HIGH
    assert all(0 <= place.x <= sketch.width - WIDE and 0 <= place.y <= sketch.height - HIGH for place in places)
    for run in sketch.arrows:
        assert abs(run.start[0] - run.end[0]) <= GAP + 1
        assert 0 <= run.mark[0] <= sketch.width
    assert len(sketch.arrows) == len(pairs)


@given(sizes=st.lists(st.integers(1, 5), max_size=9))
def test_zones_hold_their_boxes_and_stand_apart(sizes):
    groups = {f"Kind {n}": [Box(f"{n}-{m}", "") for m in range(size)] for n, size in enumerate(sizes)}
    sketch = zones(groups)
    assert len(sketch.places) == sum(sizes)
    for (_, one, wide, high), (_, two, _, high_two) in itertools.combinations(sketch.zones, 2):
        assert abs(one.x - two.x) >= wide or one.y + high <= two.y or two.y + high_two <= one.y
    assert all(zone[1].y + zone[3] <= sketch.height and zone[1].x + zone[2] <= sketch.width for zone in sketch.zones)


SYSTEMS = [
    {"name": "Console <1>", "kindName": "Internal application", "criticality": "High"},
    {"name": "Store", "kindName": "Database", "criticality": "Critical"},
]
FLOWS = [
    {"from": "Customers", "to": "Console <1>", "kind": "data", "carries": "orders", "protection": "TLS 1.3"},
    {"from": "Console <1>", "to": "Store", "kind": "data", "carries": "orders", "protection": ""},
    {"from": "Staff", "to": "Console <1>", "kind": "access", "carries": "sign-in", "protection": ""},
]


@pytest.mark.parametrize(
    ("kind", "told", "arrows"),
    [
        ("architecture", "Internal application: Console <1>; Database: Store", 0),
        ("data_flow", "1: Customers to Console <1>: orders, protected by TLS 1.3; 2: Console <1> to Store: orders", 2),
        ("integration", "1: Staff to Console <1>: sign-in", 1),
    ],
)
def test_each_diagram_is_well_formed_and_says_in_words_what_it_shows(kind, told, arrows):
    root = ElementTree.fromstring(draw(kind, SYSTEMS, FLOWS))  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}desc") == told
    assert len([one for one in root.iter(f"{space}path") if one.get("class") == "flow"]) == arrows
    assert root.get("role") == "img"


def test_long_names_are_wrapped_and_cut():
    assert wrapped("Okta") == ["Okta"]
    assert wrapped("Production PostgreSQL") == ["Production", "PostgreSQL"]
    assert wrapped("A very long name of a system that nobody can read") == ["A very long name", "of a system that…"]
    assert wrapped("Donaudampfschifffahrtsgesellschaft") == ["Donaudampfschifff…"]
    assert cut("abc", 3) == "abc"
    assert words(FLOWS[1]) == "Console <1> to Store: orders"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Big", "<h4>Big</h4>\n"),
        ("**a** <b>", "<p><strong>a</strong> &lt;b&gt;</p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](https://example.org)", '<p><a href="https://example.org" rel="noopener noreferrer">x</a></p>\n'),
    ],
)
def test_texts_become_safe_html(text, expected):
    assert render(text) == expected


def test_a_table_carries_no_style_and_no_image_is_fetched():
    html = render("| a | b |\n|:-:|---|\n| 1 | 2 |\n\n![x](https://example.org/x.png)")
    assert "style=" not in html
    assert "<img" not in html
    assert '<th scope="col">a</th>' in html
