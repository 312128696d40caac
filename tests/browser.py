"""Chromium, the product on a free port, and what every page has to satisfy."""

import base64
import os
import re
import shutil
import time
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import WSGIRequestHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect, sync_playwright

from accounts.models import Session, User
from accounts.models.session import SessionStore
from tests.accounts.signing_in import authenticator_of, fresh_code
from tests.cast import PASSWORD, signed_in

SCREENS = Path(__file__).resolve().parent.parent / "var" / "screens"
FLAGS = (
    "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update",
    "disable-sync",
)  # fmt: skip
# What Chromium says about answers that a person is meant to get, such as a form with an error.
MEANT = re.compile(r"the server responded with a status of 4\d\d")
# The browser says only that something was refused: this says what.
TELL = """document.addEventListener('securitypolicyviolation', event => console.error(
  'refused ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.target?.outerHTML?.slice(0, 300)), true)"""
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def chromium_path() -> str:
    """Where Chromium is; without one the test is skipped."""
    found = os.environ.get("PLUMBLINE_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("Chromium is not installed.")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser. Start it after the database is there: its event loop gives this thread connections of its own."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[f"--{flag}" for flag in FLAGS])
        try:
            yield browser
        finally:
            connections.close_all()
            browser.close()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


class _Server(LiveServerThread):
    def _create_server(self, connections_override: Any = None) -> Any:
        return self.server_class((self.host, self.port), _Quiet, allow_reuse_address=False)


@dataclass(frozen=True)
class Kept:
    """An answer as a server gives it, to give again."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


# Axe comes from the product's own address: a browser compiles once what it fetches, and anew what it is handed.
AXE = "/axe.js"
TOOL = Kept("200 OK", [("Content-Type", "text/javascript"), ("Cache-Control", "max-age=3600")], AXE_SCRIPT.encode())


class _Keeping:
    """Gives the answers that are kept, by their path, and asks the product for all else."""

    def __init__(self, product: WSGIHandler, kept: Mapping[str, Kept]) -> None:
        self.product, self.kept = product, kept

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        plain = environ["REQUEST_METHOD"] == "GET" and not environ.get("QUERY_STRING")
        answer = self.kept.get(environ["PATH_INFO"]) if plain else None
        if answer is None:
            return self.product(environ, start_response)
        start_response(answer.status, answer.headers)
        return [answer.body]


@contextmanager
def served(kept: dict[str, Kept] | None = None) -> Iterator[str]:
    """The product on a free port, in a thread of this process, but for what is kept of its answers; its address."""
    answers = ChainMap({AXE: TOOL}, {} if kept is None else kept)
    thread = _Server("127.0.0.1", lambda product: _Keeping(StaticFilesHandler(product), answers))  # type: ignore[arg-type]
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()


class Watch:
    """Hears everything the pages of its contexts complain about: errors of scripts, refusals by the content policy, 500s."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def over(self, context: BrowserContext) -> BrowserContext:
        """Listen to a context's pages from now on."""
        context.add_init_script(TELL)
        context.on("console", lambda message: self._hear(message.text, message.type, message.page))
        context.on("weberror", lambda error: self.heard.append(str(error.error)))
        context.on("response", self._see)
        return context

    def _hear(self, text: str, kind: str, page: Page | None) -> None:
        if kind == "error" and not MEANT.search(text):
            self.heard.append(f"{page.url if page else ''}: {text}")

    def _see(self, answer: Response) -> None:
        if answer.status >= 500:
            self.heard.append(f"{answer.status} {answer.url}")

    def silent(self) -> None:
        """Nothing was said."""
        assert self.heard == [], "\n".join(self.heard)


# At each width everything is looked for once, and the colours of each scheme; a long run looks for the colours of each at each.
Look = tuple[int, str, list[str]]
LOOKS: list[Look] = [(1440, "light", []), (390, "dark", [])]
if os.environ.get("PLUMBLINE_TEST_ROUNDS") == "long":
    LOOKS += [(1440, "dark", ["color-contrast"]), (390, "light", ["color-contrast"])]
# Widths between these at which columns come and go, on the way back from the narrow look to the wide; and the narrowest.
WIDTHS = [320, 701, 1001, 1301, 1440]
NARROWEST = WIDTHS[0]
BUSY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
FIND = """async only => {
  const options = {resultTypes: ['violations'], ...(only.length ? {runOnly: only} : {})};
  const found = await axe.run(document, options);
  return found.violations.flatMap(one => one.nodes.map(
    node => `${one.id} ${node.target.join(' ')} ${node.html.slice(0, 160)}`));
}"""


@pytest.fixture
def site(committed_db: None, settings: Any) -> Iterator[str]:
    """The address of the product, on a database of its own; tasks run at once, within the request."""
    with served() as address:
        settings.PLUMBLINE_BASE_URL = address
        yield address


@pytest.fixture
def browser(site: str) -> Iterator[Browser]:
    """Chromium, started after the database and stopped before it."""
    expect.set_options(timeout=20_000)
    with chromium() as started:
        yield started


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test on anything a page complained about."""
    listening = Watch()
    yield listening
    listening.silent()


def faults_of(page: Page, name: str, looks: Sequence[Look] = LOOKS) -> list[str]:
    """What is wrong with the page at hand in these looks: nothing but CSS tells them apart. Leaves it wide and light."""
    settled(page)
    page.add_script_tag(url=AXE)
    found = []
    for width, scheme, only in looks:
        _resize(page, width)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{name} {width} {scheme}: {fault}" for fault in page.evaluate(FIND, only)]
        found += _sideways(page, name, width)
    for width in WIDTHS:
        _resize(page, width)
        found += _sideways(page, name, width)
    page.emulate_media(color_scheme="light")
    return found


def narrow_faults_of(page: Page, path: str) -> list[str]:
    """Open a page as on the narrowest phone, and see whether it fits; what it complains about, the watch hears."""
    _resize(page, NARROWEST)
    page.goto(path)
    return _sideways(page, path, NARROWEST)


def _resize(page: Page, width: int) -> None:
    if page.viewport_size != (size := {"width": width, "height": 900}):
        page.set_viewport_size(size)  # type: ignore[arg-type]


def _sideways(page: Page, name: str, width: int) -> list[str]:
    return [f"{name} scrolls sideways at {width}"] if scrolls_sideways(page) else []


def sign_in_by_hand(page: Page, user: User) -> None:
    """Password, then a code: enrolling the authenticator first where there is none. Leaves the page after it."""
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(re.compile(r"/sign-in/(code|authenticator)/"))
    if "authenticator" in page.url:
        page.get_by_text("I cannot scan it").click()
        secret = page.locator("#secret").inner_text()
        page.get_by_label("Six-digit code").fill(code_of(secret))
        page.get_by_role("button", name="Confirm").click()
        page.get_by_role("link", name="I have kept them").click()
    else:
        page.get_by_label("Code").fill(fresh_code(user))
        page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/o/|/$"))


def code_of(secret: str) -> str:
    """What a phone shows for a secret, typed or scanned."""
    key = secret.replace(" ", "")
    return f"{TOTP(base64.b32decode(key + '=' * (-len(key) % 8))).token():06d}"


def cookie_of(member: Any, address: str) -> dict[str, Any]:
    """The cookie of a session that has shown password and code, for `context.add_cookies`."""
    value = signed_in(member).cookies["plumbline_session"].value
    return {"name": "plumbline_session", "value": value, "url": address}


def let_time_pass(user: User, minutes: int) -> None:
    """As if the user's sessions had shown their factor so many minutes earlier."""
    device = authenticator_of(user).persistent_id
    for session in Session.objects.all():
        held = session.get_decoded()
        if held.get(DEVICE_ID_SESSION_KEY) == device:
            store = SessionStore(session.session_key)
            store["factor_at"] = time.time() - minutes * 60
            store.save()


def settled(page: Page) -> None:
    """Wait as long as nobody notices: until what htmx fetched answers to keys."""
    if page.evaluate("busy => document.querySelector(busy) !== null", BUSY):
        expect(page.locator(BUSY)).to_have_count(0)


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    wide: bool = page.evaluate(WIDE)
    return wide


def picture(page: Page, name: str) -> None:
    """A picture of the whole page in var/screens."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True, caret="initial")
