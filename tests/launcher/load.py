"""Clients that send changes one after the other, whatever is killed meanwhile, and note what they were told.

Whoever gets no answer, or one of 500 and more, knows nothing: they look, or send the same again. What they send carries a word of
its own, by which the trail is asked how often it was done.
"""

import datetime as dt
import logging
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import httpx

from tests.launcher.whole import Site

PAUSE = 0.1  # seconds after no answer
HEADER = "User ID,User name,E-mail,Role,Resource,Status,Last login,Privileged"
ROWS = 3
COLUMNS = {"account_id": "User ID", "account_name": "User name", "email": "E-mail", "role": "Role", "account_state": "Status"}
OPEN_IMPORTS = 3
STUCK = 60  # seconds after which somebody stops what no worker seems to do, and asks for it again
# What a person does with a population: where it stands, what to ask for, the event.
NEXT: dict[str, tuple[str, str, dict[str, Any]]] = {
    "draft": ("/columns", "snapshot.read", {"columns": COLUMNS}),
    "ready": ("/import", "snapshot.import", {"accept_errors": True}),
}
logging.getLogger("httpx").setLevel(logging.WARNING)  # or each request is a line
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Unanswered(Exception):
    """Nobody can say what became of a request."""


@dataclass
class Told:
    """What the clients were told of all they have sent; each appends by itself."""

    done: list[tuple[str, str, str]] = field(default_factory=list)  # verb, record, word
    sent: set[str] = field(default_factory=set)  # words
    imported: set[str] = field(default_factory=set)  # populations
    refused: list[str] = field(default_factory=list)
    unanswered: Counter[str] = field(default_factory=Counter)


class Client(Thread):
    """One of them. `answered` is when a change was last acknowledged."""

    def __init__(self, name: str, site: Site, told: Told) -> None:
        super().__init__(name=name, daemon=True)
        self.site, self.told, self.over = site, told, Event()
        self.answered, self.count = 0.0, 0
        self.http = httpx.Client(base_url=site.address, timeout=30)

    def run(self) -> None:
        """Step by step until it is over and nothing is left half done."""
        with self.http:
            while not self.over.is_set() or self.has_more():
                try:
                    self.step()
                except Unanswered:
                    time.sleep(PAUSE)
                except AssertionError as error:
                    self.told.refused.append(f"{self.name}: {error}")
                    return

    def step(self) -> None:
        """Send something."""
        raise NotImplementedError

    def has_more(self) -> bool:
        """Whether something begun waits for its end."""
        return False

    def word(self) -> str:
        """One that nobody has used."""
        self.count += 1
        word = f"{self.name}-{self.count}"
        self.told.sent.add(word)
        return word

    def ask(self, method: str, path: str, *good: int, **more: Any) -> httpx.Response:
        """An answer, which has to be one of these. Raises Unanswered."""
        try:
            answer = self.http.request(method, path, **more)
        except httpx.TransportError as error:
            self.told.unanswered[type(error).__name__] += 1
            raise Unanswered from error
        if answer.status_code >= 500:
            self.told.unanswered[str(answer.status_code)] += 1
            raise Unanswered
        assert answer.status_code in good, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer

    def note(self, verb: str, key: str, word: str) -> None:
        """It was said to be done."""
        self.told.done.append((verb, key, word))
        self.answered = time.time()


class Program(Client):
    """With a token."""

    def __init__(self, name: str, site: Site, told: Told) -> None:
        super().__init__(name, site, told)
        self.http.headers["Authorization"] = f"Bearer {site.people.token}"

    def make(self, path: str, word: str, **more: Any) -> dict[str, Any]:
        """Ask for a new record until somebody answers: always under the same key."""
        while True:
            try:
                made: dict[str, Any] = self.ask("POST", path, 201, headers={"Idempotency-Key": word}, **more).json()
            except Unanswered:
                time.sleep(PAUSE)
            else:
                return made

    def act(self, path: str, *, said: dict[str, str], brings: tuple[str, str], method: str = "POST", verb: str = "") -> None:
        """Send what is said to a record, which brings a field to a value. Without an answer, look whether it is there already."""
        name, value = brings
        while True:
            try:
                seen = self.ask("GET", path, 200)
                if seen.json()[name] == value:
                    return
                answer = self.ask(method, path + verb, 200, 412, json=said, headers={"If-Match": seen.headers["ETag"]})
            except Unanswered:
                time.sleep(PAUSE)
                continue
            if answer.status_code != 412:  # the one without an answer came late
                return


def risk(site: Site, word: str) -> dict[str, Any]:
    """What is said of a risk."""
    said = {"statement": f"Something is lost: {word}", "category": "technology", "cause": word, "review_days": 90}
    return said | {"owner": site.people.owner}


class Keeper(Program):
    """Raises risks by the API, and changes, closes and opens them again."""

    def step(self) -> None:
        """The life of one."""
        word = self.word()
        key = self.make("/api/risks", word, json=risk(self.site, word))["id"]
        self.note("risk.raise", key, word)
        path = f"/api/risks/{key}"
        for _ in range(2):
            self.change(path, key)
        word = self.word()
        self.act(path, verb="/close", said={"reason": word}, brings=("closed_reason", word))
        self.note("risk.close", key, word)
        word = self.word()
        self.act(path, verb="/reopen", said={"reason": word}, brings=("status", "open"))
        self.note("risk.reopen", key, word)

    def change(self, path: str, key: str) -> None:
        """Say another cause."""
        word = self.word()
        self.act(path, method="PATCH", said={"cause": word}, brings=("cause", word))
        self.note("risk.edit", key, word)


class Browser(Client):
    """Raises risks by the form, in a session; what gets no answer is sent again from the same page, as a person does."""

    def __init__(self, name: str, site: Site, told: Told) -> None:
        super().__init__(name, site, told)
        self.http.cookies.set(site.people.cookie, site.people.session)

    def step(self) -> None:
        """Fill the form in, and send it until it leads to the risk."""
        path = "/o/acme/risks/new/"
        page = self.ask("GET", path, 200).text
        word = self.word()
        given = risk(self.site, word) | {name: _hidden(page, name) for name in ("csrfmiddlewaretoken", "once")}
        while True:
            try:
                where = self.ask("POST", path, 303, data=given).headers["Location"]
            except Unanswered:
                time.sleep(PAUSE)
            else:
                break
        found = _KEY.search(where)
        assert found, where
        self.note("risk.raise", found[0], word)


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, f"no {name} in {page[:300]}"
    return found[1]


class Importer(Program):
    """Has a worker read and import populations, several at a time; what was given back or is stuck is asked for again."""

    def __init__(self, name: str, site: Site, told: Told) -> None:
        super().__init__(name, site, told)
        self.waiting: dict[str, float] = {}  # population: since when it stands where it does

    def has_more(self) -> bool:
        """Whether one is not imported yet."""
        return bool(self.waiting)

    def step(self) -> None:
        """Begin one, and see how far the others are."""
        if len(self.waiting) < OPEN_IMPORTS and not self.over.is_set():
            self._begin()
        for key in list(self.waiting):
            self._go_on(key)
        time.sleep(PAUSE)

    def _begin(self) -> None:
        word = self.word()
        facts = {"name": word, "kind": "saas", "criticality": "low", "source_format": "generic", "route_1": "line_manager"}
        system = self.make("/api/systems", word, json=facts)["id"]
        self.note("system.create", system, word)
        rows = [f"U{number},u{number},u{number}@acme.example,Viewer,,active,2026-01-31,no" for number in range(ROWS)]
        files = {"uploads": ("export.csv", "\n".join([HEADER, *rows, word]).encode())}
        taken = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")
        answers = {
            "system": system,
            "extracted_by": "Load",
            "as_of": taken,
            "query": "All users",
            "stated_count_unit": "accounts",
        }
        key = self.make("/api/populations", f"{word} file", data=answers, files=files)["id"]
        self.note("snapshot.create", key, "")
        self.waiting[key] = time.time()

    def _go_on(self, key: str) -> None:
        path = f"/api/populations/{key}"
        seen = self.ask("GET", path, 200)
        status = seen.json()["status"]
        if status == "imported":
            del self.waiting[key]
            self.told.imported.add(key)
        elif status in NEXT:
            self._send(key, seen.headers["ETag"], *NEXT[status])
        elif time.time() > self.waiting[key] + STUCK:
            self._send(key, seen.headers["ETag"], "/stop", "snapshot.reopen" if status == "reading" else "snapshot.return", {})

    def _send(self, key: str, etag: str, act: str, verb: str, data: dict[str, Any]) -> None:
        """Ask for the next step; it may have been taken meanwhile, or a worker be busy with it."""
        answer = self.ask("POST", f"/api/populations/{key}{act}", 200, 202, 409, 412, json=data, headers={"If-Match": etag})
        if answer.status_code < 300:
            self.note(verb, key, "")
            self.waiting[key] = time.time()
