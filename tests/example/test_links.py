"""Each person of the example is shown links to what they may open, and to nothing else."""

import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from accounts.models import Member
from tests.cast import signed_in
from tests.example.test_larkfield import _database, clinics, here, made  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow
HOME = "/o/larkfield/"
RECORD = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST = 400  # kinds of pages; far more than there are
READERS = ["ruth.adler@hollis-audit.example", "helen.marsh", "nora.fischer", "anita.desai", "rosa.mendes", "kevin.doyle"]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href") and "download" not in given:
            self.found.append(str(given["href"]))


def kind_of(path: str) -> str:
    """The address without which record it is about."""
    return RECORD.sub("*", urlsplit(path).path)


def refused(client: Client) -> tuple[int, list[str]]:
    """How many kinds of pages were opened from home on, and the links that were refused, each with the page it stands on."""
    waiting, seen, found = deque([(HOME, HOME)]), {HOME}, []
    opened = 0
    while waiting and opened < MOST:
        path, origin = waiting.popleft()
        answer = client.get(path)
        opened += 1
        if answer.status_code in {403, 404} or answer.status_code >= 500:
            found.append(f"{answer.status_code} {path}, on {origin}")
        is_page = not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")
        links = _Links()
        links.feed(answer.content.decode() if is_page else "")
        if answer.streaming:
            b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # else the file stays open
        for link in links.found:
            there = urljoin(path, link).partition("#")[0]
            if there.startswith(HOME) and "export" not in there and kind_of(there) not in seen:
                seen.add(kind_of(there))
                waiting.append((there, path))
    return opened, found


@pytest.mark.parametrize("reader", READERS)
def test_whoever_is_shown_a_link_may_follow_it(here, reader):  # noqa: F811
    email = reader if "@" in reader else f"{reader}@larkfield.example"
    opened, found = refused(signed_in(Member.objects.select_related("organization", "user").get(user__email=email)))
    assert found == [], "\n".join(found)
    assert opened > 10
