"""Charts: their shapes, their words, and what paper makes of them."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
from weasyprint import HTML

from ui.charts import Point, Slice, _round_up, bar, donut, line

SVG = "{http://www.w3.org/2000/svg}"
STATUS = [Slice("Implemented", 51, "ok", "/a?b=1&c=2"), Slice("Missing", 0, "bad", "/m"), Slice("Partly <in> place", 7, "warn")]
MONTHS = [Point("January 2026", "Jan", 0, "/1"), Point("February 2026", "Feb", 1204, "/2"), Point("March 2026", "Mar", None)]


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own


def named(svg: str) -> tuple[str | None, str | None]:
    """Title and description, found by the ids that label the chart."""
    root = parsed(svg)
    ids = root.attrib["aria-labelledby"].split()
    found = {one.attrib["id"]: one.text for one in root.iter() if "id" in one.attrib}
    return found[ids[0]], found[ids[1]]


def test_a_ring_says_all_it_shows_and_what_is_empty_has_no_arc():
    svg = donut(STATUS, name="status", title="Controls by status", centre="88 %", caption="ready")
    assert named(svg) == ("Controls by status", "Implemented: 51; Missing: 0; Partly <in> place: 7")
    root = parsed(svg)
    assert [path.attrib["class"] for path in root.iter(f"{SVG}path")] == ["ok", "warn"]
    assert [text.text for text in root.iter(f"{SVG}text")] == ["88 %", "ready"]
    assert [(a.attrib["href"], a.attrib["aria-label"]) for a in root.iter(f"{SVG}a")] == [("/a?b=1&c=2", "Implemented: 51")]


@pytest.mark.parametrize(("one", "whole", "large"), [(1, 4, 0), (3, 4, 1), (1, 2, 0)])
def test_an_arc_is_as_long_as_its_share(one: int, whole: int, large: int):
    svg = donut([Slice("A", one, "ok"), Slice("B", whole - one, "bad")], name="n", title="t")
    first = next(parsed(svg).iter(f"{SVG}path")).attrib["d"]
    begin, end = re.findall(r"\d+\.\d\d \d+\.\d\d", first)[:2]
    assert f"A92 92 0 {large} 1" in first
    assert begin == "100.00 8.00"
    assert end == {1: "192.00 100.00", 3: "8.00 100.00", 2: "100.00 192.00"}[4 * one // whole]


def test_one_status_alone_is_a_whole_ring_and_nothing_is_an_empty_one():
    alone = next(parsed(donut([Slice("A", 3, "ok")], name="n", title="t")).iter(f"{SVG}path"))
    assert alone.attrib["d"].count("A92 92") == 2
    nothing = donut([], name="n", title="t", centre="none")
    assert named(nothing)[1] == "Nothing to show"
    assert next(parsed(nothing).iter(f"{SVG}path")).attrib["class"] == "muted blank"


def test_a_bar_is_filled_to_its_end_without_gaps():
    svg = bar([Slice("A", 1, "ok"), Slice("B", 1, "warn"), Slice("C", 1, "bad")], name="n", title="t")
    boxes = [(int(box.attrib["x"]), int(box.attrib["width"])) for box in parsed(svg).iter(f"{SVG}rect")]
    assert boxes[0][0] == 0
    assert all(x + width == after for (x, width), (after, _) in pairwise(boxes))
    assert sum(width for _, width in boxes) == 1000
    assert [box.attrib["class"] for box in parsed(bar([], name="n", title="t")).iter(f"{SVG}rect")] == ["muted blank"]


def test_what_was_not_measured_is_no_point_of_the_line():
    svg = line(MONTHS, name="n", title="Evidence")
    assert named(svg)[1] == "January 2026: 0; February 2026: 1,204; March 2026: not measured"
    root = parsed(svg)
    dots = [float(one.attrib["cy"]) for one in root.iter(f"{SVG}circle") if one.attrib["class"] == "dot"]
    assert dots[0] == 192.0  # nothing is at the bottom
    assert len(dots) == 2
    rules = [float(one.attrib["y1"]) for one in root.iter(f"{SVG}line")]
    assert min(rules) < dots[1] < max(rules)


def test_of_many_points_the_highest_and_the_last_say_their_value():
    def told(values: list[int]) -> list[str | None]:
        points = [Point(str(at), str(at), value) for at, value in enumerate(values)]
        root = parsed(line(points, name="n", title="t"))
        return [one.text for one in root.iter(f"{SVG}text") if one.attrib["class"] == "value"]

    assert told([5, 7, 6]) == ["5", "7", "6"]
    assert told([5, 70, *[6] * 30]) == ["70", "6"]
    assert told([*[6] * 30, 70]) == ["70"]


@pytest.mark.parametrize("points", [[], MONTHS[:1], [Point("March", "Mar", None)], MONTHS * 10])
def test_a_line_of_any_length_stays_within_its_frame(points: list[Point]):
    for width in (320, 640):
        root = parsed(line(points, name="n", title="t", width=width))
        across = [float(one.attrib[key]) for one in root.iter() for key in ("x", "cx") if key in one.attrib]
        assert all(0 <= x <= width for x in across)
        feet = [float(one.attrib["x"]) for one in root.iter(f"{SVG}text") if one.text in {"Jan", "Feb", "Mar"}]
        assert all(after - x >= 37.9 for x, after in pairwise(feet))


@pytest.mark.parametrize("value", [0, 1, 2, 3, 7, 10, 11, 99, 100, 101, 999, 1000, 1001, 123_456])
def test_an_axis_ends_at_a_round_number_with_a_whole_half(value: int):
    most = _round_up(value)
    assert value <= most <= max(2, 2 * value)
    assert most % 2 == 0


def test_charts_hold_no_style_and_no_script():
    for svg in (donut(STATUS, name="a", title="t"), bar(STATUS, name="b", title="t"), line(MONTHS, name="c", title="t")):
        assert "style" not in svg
        assert not [key for one in parsed(svg).iter() for key in one.attrib if key.startswith("on")]


def test_paper_shows_the_same_colours():
    charts = donut([Slice("A", 3, "ok"), Slice("B", 1, "bad", "/b")], name="a", title="t")
    page = HTML(string=f"<style>@page{{size:200px;margin:0}}body{{margin:0}}</style>{charts}").write_pdf()
    picture = pypdfium2.PdfDocument(page)[0].render(scale=1).to_pil().convert("RGB")
    width, height = picture.size
    at = [picture.getpixel((int(width * x), int(height * y))) for x, y in ((0.88, 0.5), (0.25, 0.2), (0.5, 0.5))]
    assert at == [(0x2E, 0x8B, 0x57), (0xC4, 0x31, 0x31), (255, 255, 255)]
