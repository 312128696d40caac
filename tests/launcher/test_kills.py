"""SIGKILL of web server, worker, database, scheduler and queue while clients send changes.

No event that was acknowledged is lost, there is no change without event and no event without change, what was asked for is done
once, and nothing is left behind. What survives here is the end of a process, not of the machine: see docs/proof.md.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random, SystemRandom

import psycopg
import pytest

from tests.launcher.books import Books
from tests.launcher.killing import kill, left_in_queue, runs, victims
from tests.launcher.load import Browser, Client, Importer, Keeper, Told
from tests.launcher.mailbox import Mailbox, mailbox
from tests.launcher.toy import wait_for
from tests.launcher.whole import Site, fill, make_whole_clone

pytestmark = [pytest.mark.integration, pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")]
ROUNDS = 100 if os.environ.get("PLUMBLINE_TEST_ROUNDS") == "long" else 3
PATIENCE = 240  # seconds; most of it for a machine with much else to do
# What the ticks of the next days do for work whose task was lost and for files without a row, and one tick of now for all else.
LATER = """
import datetime as dt
from tenancy.models import Organization
from tenancy.scope import now, tenant
from evidence.files import sweep
from workflow.schedule import run_periodic
from workflow.tasks import tick

acme = Organization.objects.get(slug="acme")
for name in ("jobs.silent", "snapshots.recover"):
    with tenant(acme):
        run_periodic(name, acme, now() + dt.timedelta(hours=1))
with tenant(acme):
    sweep(acme, now() + dt.timedelta(days=2))
tick()
"""


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """Where mail goes."""
    with mailbox() as found:
        yield found


@pytest.fixture
def site(short_folder: Path, box: Mailbox, template_database: str) -> Iterator[Site]:
    """All of Plumbline, which runs."""
    clone = make_whole_clone(short_folder / "clone")
    try:
        fill(clone, template_database)
        yield Site(clone, EMAIL_URL=box.url, PLUMBLINE_API_RATE="1000000", PLUMBLINE_PERSON_RATE="1000000")
    finally:
        clone.clear()


class Load:
    """Clients at work, and the books of what they were told."""

    def __init__(self, site: Site) -> None:
        self.site, self.told = site, Told()
        self.books = Books(site, self.told)
        self.writers: list[Client] = [
            Keeper("ada", site, self.told),
            Keeper("ben", site, self.told),
            Browser("cyd", site, self.told),
        ]
        self.clients = [*self.writers, Importer("dot", site, self.told)]
        for client in self.clients:
            client.start()

    def goes_on(self, since: float) -> bool:
        """Whether everything runs, every writer was answered and the worker sent mail since then, in seconds of the epoch."""
        if not (runs(self.site) and all(client.answered > since for client in self.writers)):
            return bool(self.told.refused)
        try:
            return self.books.latest_mail() > since
        except psycopg.OperationalError:  # an answer that was under way when the database was killed
            return False

    def must_go_on(self, since: float, why: str) -> None:
        """Wait until it does, and look into the books."""
        gone_on = wait_for(lambda: self.goes_on(since), PATIENCE)
        assert self.told.refused == [], why
        assert gone_on, f"{why}: nothing goes on.\n{self.state()}"
        assert self.books.faults() == [], why

    def end(self) -> None:
        """Let what was begun come to its end, an hour later where its task was lost with a worker or on its way to the queue."""
        for client in self.clients:
            client.over.set()
        kill(self.site, "the worker", Random(0))
        assert wait_for(lambda: runs(self.site) and not any(left_in_queue(self.site).values()), PATIENCE), self.state()
        self.site.manage("shell", "-v", "0", "-c", LATER)
        for client in self.clients:
            client.join(PATIENCE)
        wait_for(lambda: not any(left_in_queue(self.site).values()) and not self.books.undone(), PATIENCE)

    def state(self) -> str:
        """What is known when it does not go on."""
        return f"unanswered: {self.told.unanswered}\nqueue: {left_in_queue(self.site)}\n{self.site.logs()}"


def test_whatever_is_killed_nothing_is_lost_and_nothing_is_done_twice(site: Site, box: Mailbox) -> None:
    seed = int(os.environ.get("KILLS_SEED") or SystemRandom().randrange(1_000_000))
    say(f"KILLS_SEED={seed}")
    chance = Random(seed)
    load = Load(site)
    load.must_go_on(0, "before anything is killed")
    for number, name in enumerate(victims(chance, ROUNDS), 1):
        time.sleep(chance.uniform(0, 1))
        kill(site, name, chance)
        killed = time.time()
        load.must_go_on(killed, f"KILLS_SEED={seed}, round {number}: {name}")
        say(f"{number}: {name}, {len(load.told.done)} changes, on again after {time.time() - killed:.0f} s")
    load.end()
    assert load.told.refused == []
    assert load.books.faults() == []
    assert load.books.undone() == [], load.state()
    assert "acme: " in site.manage("verify_audit")
    assert_everybody_was_told(load, box)
    assert_nothing_is_left(load)
    say(f"{len(load.told.done)} changes acknowledged; not answered: {dict(load.told.unanswered)}")


def say(line: str) -> None:
    """For who runs it with -s, or reads why it failed."""
    sys.stdout.write(f"{line}\n")


def assert_everybody_was_told(load: Load, box: Mailbox) -> None:
    """Each mail came, once but for those that a killed worker was just sending: those come again under the same id."""
    mails = load.books.mails()
    assert [name for name in mails if not box.came[name]] == []
    assert box.came.keys() == set(mails)
    again = box.came.total() - len(mails)
    assert again <= 2 * ROUNDS
    say(f"{len(mails)} mails, and {again} that came again")


def assert_nothing_is_left(load: Load) -> None:
    """No task, no file without its row, and no process once it is stopped."""
    assert wait_for(lambda: not any(left_in_queue(load.site).values()), PATIENCE)  # the scheduler goes on
    files = load.site.clone.root / "var/data/files"
    assert {path.name for path in files.rglob("*") if path.is_file()} == load.books.files()
    assert load.site.stop() == 0
    assert load.site.clone.processes() == {}
