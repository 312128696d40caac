"""The dashboard: every number leads to exactly the rows it counts, for everybody who sees it."""

import datetime as dt
import html
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from bench.harness import UNCOUNTED
from controls.models import Occurrence
from controls.occurrences.states import asked_for, overdue
from controls.status.keep import refresh
from controls.status.parts import WHOLE, covered, parts_of
from tests.cast import Cast
from tests.controls.status import rows
from tests.reports.world import TODAY, Programme

PAGE = "/o/acme/dashboard/"
NUMBER = re.compile(r'<a [^>]*?href="([^"]+)"[^>]*? data-counts="(\d+)"[^>]*>([\d,]+)</a>')
SHAPE = re.compile(r'<a href="([^"]+)" tabindex="-1" aria-label="[^"]*?: ([\d,]+)">')


def shown(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def main(page: str) -> str:
    """The words of the page itself."""
    inner = page.split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(html.unescape(re.sub(r"<(title|desc)[^>]*>.*?</\1>|<[^>]+>", " ", inner)).split())


def counted(page: str) -> list[tuple[str, int]]:
    """Every address with the number that stands on it, in words and in charts."""
    numbers = NUMBER.findall(page)
    assert all(int(said) == int(printed.replace(",", "")) for _, said, printed in numbers)
    assert len(numbers) == page.count("data-counts=")
    found = [(html.unescape(url), int(said)) for url, said, _ in numbers]
    shapes = SHAPE.findall(page)
    assert len(shapes) == page.count('tabindex="-1" aria-label=')
    return found + [(html.unescape(url), int(said.replace(",", ""))) for url, said in shapes]


def rows_at(client: Client, url: str) -> int:
    """How many rows a list says that it has."""
    answer = client.get(f"{url}&export=csv" if "?" in url else f"{url}?export=csv")
    assert answer.status_code == 200, url
    assert answer.getvalue()
    return int(answer["X-Table-Rows"])


def disagreeing(client: Client, page: str) -> list[tuple[str, int, int]]:
    """The numbers whose list has another total."""
    numbers = counted(page)
    totals = {url: rows_at(client, url) for url in dict(numbers)}
    return [(url, number, totals[url]) for url, number in numbers if totals[url] != number]


@pytest.mark.parametrize(
    ("role", "query"),
    [
        ("manager", ""),
        ("executive", ""),
        ("reviewer", ""),
        ("manager", "?scope=CC6"),
        ("manager", "?scope=availability&view=summary"),
    ],
)
def test_every_number_leads_to_exactly_the_rows_it_counts(
    programme: Programme, role: str, query: str, client_of: Callable[[Member], Client]
) -> None:
    client = client_of(Cast().of("acme", role))
    page = shown(client, f"{PAGE}{query}")
    assert len(counted(page)) > 12
    assert disagreeing(client, page) == []


def test_numbers_follow_the_chosen_period(programme: Programme, client_of: Callable[[Member], Client], manager: Member) -> None:
    client = client_of(manager)
    rows.period("Spring", dt.date(2026, 3, 1), dt.date(2026, 5, 31), status="open")
    other = rows.period("One day", dt.date(2026, 4, 30), dt.date(2026, 4, 30), kind="type1")
    refresh()
    page = shown(client, f"{PAGE}?period={other.pk}")
    assert "as of 30 Apr 2026" in main(page)
    assert disagreeing(client, page) == []
    assert all(str(other.pk) in url for url, _ in counted(page) if "findings" not in url)


def test_until_the_day_of_a_type_1_its_work_is_what_is_expected_till_then(
    programme: Programme, client_of: Callable[[Member], Client], manager: Member
) -> None:
    """As My work has it: what ended earlier in the year waits too, and not only what ends on the day itself."""
    day = rows.period("One day", dt.date(2026, 8, 31), dt.date(2026, 8, 31), kind="type1")
    refresh()
    mine = Occurrence.objects.filter(asked_for(TODAY), covered(day, parts_of(day)[WHOLE]))
    client = client_of(manager)
    page = shown(client, f"{PAGE}?period={day.pk}")
    assert mine.exists()
    assert not mine.filter(ends_on=day.ends_on).exists()
    assert f"Overdue {mine.filter(overdue(TODAY)).count()} of {mine.count()} to do now" in main(page)
    assert "20 May 2026" in main(page).split("What comes next")[1]
    assert disagreeing(client, page) == []


def test_the_page_says_in_words_what_it_shows(
    programme: Programme, client_of: Callable[[Member], Client], manager: Member
) -> None:
    words = main(shown(client_of(manager)))
    assert "Readiness 29 % Far from ready 2 of 7 controls implemented" in words
    assert "Critical gaps 3 of 5 gaps" in words
    assert "Overdue 2 of 3 to do now oldest 31 Jan 2026" in words
    assert "Findings past due 2 of 4 open, 2 critical" in words
    assert "Under 70 % we advise against booking a Type I audit" in words
    assert "CC6 Logical and physical access 1 of 4 1 partly in place, 1 missing, 1 could not be evaluated" in words
    assert "No control yet for CC1 People and oversight" in words
    assert "so the families add up to more than the 7 controls in scope" in words
    bare = words.split("those that need most first")[1]
    assert "A control Critical Missing" in bare
    assert "March 2026 3" in words
    assert "June 2026 not begun" in words


def test_executives_see_the_results_without_the_lists_of_work(
    programme: Programme, client_of: Callable[[Member], Client], executive: Member, manager: Member
) -> None:
    summary, everything = shown(client_of(executive)), shown(client_of(manager))
    assert "What comes next" in main(everything)
    assert "those that need most first" in main(everything)
    assert "What comes next" not in main(summary)
    assert "those that need most first" not in main(summary)
    assert programme.controls["bare"].code in main(summary)
    assert "With nobody." in main(summary)
    assert "What comes next" in main(shown(client_of(executive), f"{PAGE}?view=full"))


def test_executives_begin_with_it_and_others_with_their_work(
    db: None, client_of: Callable[[Member], Client], executive: Member, manager: Member
) -> None:
    assert client_of(executive).get("/")["Location"] == PAGE
    assert client_of(manager).get("/")["Location"] == "/o/acme/"


def test_who_may_not_see_evidence_gets_its_numbers_without_a_way(
    programme: Programme, client_of: Callable[[Member], Client], reviewer: Member
) -> None:
    page = shown(client_of(reviewer))
    assert "March 2026 3" in main(page)
    assert "/dashboard/evidence/" not in page


def test_an_empty_organization_is_led_to_its_first_hour(
    on_the_day: None, in_acme: None, client_of: Callable[[Member], Client], manager: Member, viewer: Member
) -> None:
    page = shown(client_of(manager))
    assert "Nothing to measure yet" in main(page)
    assert 'href="/o/acme/controls/set-up/' in page
    assert "%" not in main(page)
    assert 'href="/o/acme/controls/set-up/' not in shown(client_of(viewer))


def test_without_a_period_or_anything_in_scope_nothing_is_measured(
    on_the_day: None, in_acme: None, client_of: Callable[[Member], Client], manager: Member
) -> None:
    client = client_of(manager)
    rows.control(criteria=("P1.1",))
    assert "No audit period yet" in main(shown(client))
    period = rows.period()
    assert "Not measured" in main(shown(client))
    refresh()
    page = shown(client)
    assert "Nothing in scope" in main(page)
    assert f"/o/acme/controls/criteria/?period={period.pk}" in page
    assert not re.search(r"\b(0|100) %", main(page))


def test_it_takes_at_most_twelve_queries(programme: Programme, client_of: Callable[[Member], Client], manager: Member) -> None:
    client = client_of(manager)
    shown(client)
    for view in ("full", "summary"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            shown(client, f"{PAGE}?view={view}")
        queries = [one["sql"] for one in asked if not one["sql"].lstrip().upper().startswith(UNCOUNTED)]
        assert len(queries) <= 12, "\n".join(queries)


def test_charts_are_named_once_and_well_formed(
    programme: Programme, client_of: Callable[[Member], Client], manager: Member
) -> None:
    page = shown(client_of(manager))
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    charts = re.findall(r"<svg class=\"chart.*?</svg>", page, re.DOTALL)
    assert len(charts) == 7  # a ring, four bars, and the line for two widths
    assert all(ET.fromstring(chart).tag.endswith("svg") for chart in charts)  # noqa: S314 - our own
    assert "style=" not in page
