"""An action through its view, beside the same with the trail off: by one writer, and by four of one organization at once."""

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from unittest.mock import patch

from django.db import connections
from django.test import Client
from django.urls import reverse
from psycopg import sql

from bench.database import NAME, owner
from bench.harness import Case
from bench.world import World, client_of, make_system, world
from inventory.models import System
from tenancy.scope import tenant

ACTIONS = 20  # of each writer in a round
LIMIT = 1.25
WRITERS = (1, 4)
_TRIGGERS = ("audited", "audited_bulk")
_BOUND = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger
WHERE tgname = ANY(%s) AND tgparentid = 0 AND tgrelid::regclass::text <> 'audit_obligation'
"""


def action_through_view() -> Iterator[Case]:
    """A form is sent that changes a system; each writer changes one of its own. Whatever is committed is on the disk."""
    place = world()
    _insist_on_disk()
    for number in WRITERS:
        with crew(place, number) as writers:
            yield Case(
                f"action_through_view, {number} at once",
                LIMIT,
                lambda writers=writers: together(writers, "run"),  # type: ignore[misc]
                lambda writers=writers: together(writers, "floor"),  # type: ignore[misc]
                prepare=switch,
            )
    switch("run")


def _insist_on_disk() -> None:
    with owner(NAME) as admin:
        for setting in ("fsync", "synchronous_commit"):
            said = admin.execute(sql.SQL("SHOW {}").format(sql.Identifier(setting))).fetchone()
            if said != ("on",):
                raise RuntimeError(f"{setting} is {said}: the figure would say nothing.")


def switch(side: str) -> None:
    """Bind changes to the trail, or not."""
    verb = sql.SQL("ENABLE" if side == "run" else "DISABLE")
    with owner(NAME) as admin:
        for table, name in admin.execute(_BOUND, [list(_TRIGGERS)]).fetchall():
            admin.execute(
                sql.SQL("ALTER TABLE {} {} TRIGGER {}").format(sql.Identifier(str(table)), verb, sql.Identifier(str(name)))
            )


@dataclass(frozen=True)
class Writer:
    """A process that sends forms when it is told to."""

    pid: int
    line: Connection


@contextmanager
def crew(place: World, number: int) -> Iterator[list[Writer]]:
    """That many of them, each with a system of its own."""
    with tenant(place.organization):
        systems = [make_system(f"Written by {one} of {number}", place.reviewers[one]) for one in range(number)]
        forms = [(reverse("inventory:system-edit", args=[one.pk]), one) for one in systems]
    with ExitStack() as stack:
        yield [stack.enter_context(_hired(place, address, system)) for address, system in forms]


@contextmanager
def _hired(place: World, address: str, system: System) -> Iterator[Writer]:
    client = client_of(place.manager)
    mine, theirs = multiprocessing.Pipe()
    connections.close_all()  # a connection is no thing for two processes
    pid = os.fork()
    if pid == 0:
        try:
            mine.close()
            _work(theirs, client, address, system)
        finally:
            os._exit(0)
    theirs.close()
    try:
        yield Writer(pid, mine)
    finally:
        mine.close()
        os.waitpid(pid, 0)


def together(writers: list[Writer], side: str) -> None:
    """All of them at once, until the last one is done. Raises RuntimeError when one was refused."""
    for one in writers:
        one.line.send(side)
    for one in writers:
        if refused := one.line.recv():
            raise RuntimeError(refused)


def _work(line: Connection, client: Client, address: str, system: System) -> None:
    """Send forms whenever it is told to, until nobody is there any more."""
    fields = {
        "name": system.name,
        "kind": system.kind,
        "criticality": system.criticality,
        "owner": str(system.owner_id),
        "source_format": "generic",
        **{f"route_{place}": route for place, route in enumerate(system.reviewer_order, 1)},
    }
    sent = 0
    while True:
        try:
            side = line.recv()
        except EOFError:
            return
        with ExitStack() as stack:
            if side == "floor":
                stack.enter_context(patch("audit.record._insert"))
            refused = ""
            for _ in range(ACTIONS):
                sent += 1
                answer = client.post(address, {**fields, "account_meaning": f"In words, {sent}."})
                refused = refused or (answer.content.decode()[-3_000:] if answer.status_code not in {302, 303} else "")
        line.send(refused)
