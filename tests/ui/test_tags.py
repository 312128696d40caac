import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from ui.components import Badge
from ui.differences import changes
from ui.icons import icon
from ui.values import display, exact, plain, relative

DAY = 24 * 60 * 60


def draw(source, **context):
    return Template(source).render(Context({"request": RequestFactory().get("/list/?q=a&page=2"), **context}))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "just now"),
        (-5, "in a moment"),
        (60, "1 minute ago"),
        (7_300, "2 hours ago"),
        (-3 * DAY, "in 3 days"),
        (45 * DAY, "45 days ago"),
        (46 * DAY, ""),
    ],
)
def test_times_are_relative_for_a_while(seconds, words):
    assert relative(seconds) == words


def test_a_time_carries_the_exact_one():
    text = draw("{% when moment %}", moment=datetime(2026, 1, 3, 14, 5, tzinfo=UTC))
    assert 'title="3 Jan 2026, 14:05 UTC"' in text


@pytest.mark.parametrize(
    ("zone", "moment", "shown"),
    [
        ("UTC", datetime(2026, 1, 3, tzinfo=UTC), ">3 Jan 2026<"),
        ("America/New_York", datetime(2026, 1, 3, 5, tzinfo=UTC), ">3 Jan 2026<"),
        ("America/New_York", datetime(2026, 1, 3, tzinfo=UTC), ">3 Jan 2026<"),
        ("UTC", datetime(2026, 1, 3, 14, 5, tzinfo=UTC), 'title="3 Jan 2026, 14:05 UTC"'),
    ],
)
def test_of_a_day_alone_no_hours_are_told(zone, moment, shown):
    with timezone.override(zone):
        assert shown in draw("{% noted moment %}", moment=moment)


@pytest.mark.parametrize("tag", ["when", "noted", "day", "due", "person", "digest", "number"])
def test_nothing_is_a_dash(tag):
    assert "\N{EN DASH}" in draw(f"{{% {tag} nothing %}}", nothing=None)


@pytest.mark.parametrize(
    ("days", "words"), [(-2, "2 days late"), (-1, "1 day late"), (0, "today"), (2, "in 2 days"), (5, "in 5 days")]
)
def test_a_due_date_says_how_late(days, words):
    assert words in draw("{% due when %}", when=timezone.localdate() + timedelta(days=days))


def test_what_is_done_or_far_is_only_a_date():
    assert "late" not in draw("{% due when done %}", when=date(2020, 1, 1), done=True)
    assert "in " not in draw("{% due when %}", when=timezone.localdate() + timedelta(days=30))


def test_values_show_as_people_read_them():
    assert [display(v) for v in (True, False, 12345, ["a", "b"], "x")] == ["Yes", "No", "12,345", "a, b", "x"]
    assert display(Badge("Open", "info")) == '<span class="badge info">Open</span>'
    assert "3 Jan 2026" in display(date(2026, 1, 3))


def test_values_export_as_programs_read_them():
    values = (None, True, False, datetime(2026, 1, 3, tzinfo=UTC), date(2026, 1, 3), ["a", "b"], Badge("Open"), 5)
    assert [plain(v) for v in values] == ["", "yes", "no", "2026-01-03T00:00:00+00:00", "2026-01-03", "a, b", "Open", "5"]


def test_markup_in_values_is_escaped():
    assert "&lt;b&gt;" in str(Badge("<b>").__html__())
    assert "&lt;b&gt;" in draw("{% show value %}", value="<b>")
    assert "&lt;b&gt;" in draw('{% callout "warn" title %}{{ title }}{% endcallout %}', title="<b>")


def test_a_difference_names_what_changed_only():
    found = changes({"state": "draft", "owner_id": 1, "gone": "x"}, {"state": "open", "owner_id": 1, "new": "y"})
    assert [(c.label, c.before, c.after) for c in found] == [
        ("State", "draft", "open"),
        ("New", None, "y"),
        ("Gone", "x", None),
    ]


def test_times_are_compared_exactly():
    moments = [datetime(2026, 11, 21, 22, minute, tzinfo=UTC) for minute in (12, 33)]
    text = draw("{% diff before after %}", before={"detected at": moments[0]}, after={"detected at": moments[1]})
    assert all(exact(moment) in text for moment in moments)
    assert "ago" not in text


def test_a_difference_is_read_aloud():
    text = draw("{% diff before after %}", before={"state": "draft"}, after={"state": "open"})
    assert "Before: </span>draft" in text
    assert "After: </span>open" in text


def test_components_draw():
    assert "412 of 600" in draw("{% progress 412 600 %}")
    assert "Working" in draw("{% progress 0 None %}")
    assert 'class="stat ok"' in draw('{% stat "Decided" 5 tone="ok" note="69 %" %}')
    assert 'href="/x/"' in draw('{% empty_state "None" "Why" "Do it" "/x/" %}')
    assert "<dd>12,345</dd>" in draw("{% facts pairs %}", pairs=[("Rows", 12345)])
    assert 'data-copy="abc"' in draw("{% digest sha %}", sha="abc")
    assert draw("{% badge 'Late' 'bad' %}") == '<span class="badge bad">Late</span>'


def test_the_query_string_is_replaced_in_part():
    assert draw("{% query_replace page=3 %}") == "?q=a&amp;page=3"
    assert draw('{% query_replace page="" q="b" %}') == "?q=b"


def test_an_unknown_icon_is_a_mistake():
    assert "<svg" in icon("check")
    with pytest.raises(KeyError):
        icon("unicorn")


def test_a_button_that_answers_names_its_key_and_where_it_leads():
    drawn = draw('{% answer "a" "Approve" "work" tone="primary" sha256="ab c" %}')
    assert drawn.startswith('<a class="button primary" href="')
    assert '/work/?sha256=ab+c" data-dialog aria-keyshortcuts="a" data-key="a" data-key-label="Approve">' in drawn
    assert drawn.strip().endswith('<kbd class="no-touch" aria-hidden="true">a</kbd>Approve</a>')
    assert "data-dialog" not in draw('{% answer "a" "Approve" "work" whole=True %}')


def test_every_approval_on_the_page_of_a_record_has_its_key():
    by_hand = re.compile(r"""<a [^>]*\{% url '[a-z]+:(?:[a-z-]*-)?(?:approve|accept|reject|refuse)' object""")
    pages = [page for page in Path("templates").glob("*/**/*.html") if by_hand.search(page.read_text())]
    assert pages == []
