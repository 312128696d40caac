"""The runner: claims what is due, looks, and keeps what was found, all in one thread; the database in a second one."""

import asyncio
import contextlib
import datetime as dt
import logging
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import redis
from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from monitoring.checking.judging import DOWN
from monitoring.checking.outages import tell_outages
from monitoring.checking.recording import Kept, keep
from monitoring.probing.looking import look
from monitoring.probing.target import Found
from monitoring.running.definitions import Watched, called, first_due, organizations, silent_from, watched
from monitoring.running.schedule import WRITING, Claim, Schedule, next_due
from tenancy.models import Organization
from tenancy.scope import tenant
from workflow.outgoing.errors import OutgoingBusy

AT_ONCE = 250  # looks: 200 where only one organization has any, see SHARE
PAUSE = 0.2  # seconds between two questions whether something is due
WRITE_EVERY = 0.5
RELOAD_EVERY = 60.0
AGAIN = 1.0  # seconds until what Valkey or the database did not take is tried again
ALIVE_EVERY = 5.0
GRACE = 5.0  # seconds that looks under way have at the end
T = TypeVar("T")
log = logging.getLogger(__name__)


class Runner:
    """One runner. Several may run: what one claims the others leave alone."""

    def __init__(self, schedule: Schedule, *, clock: Callable[[], float] = time.time) -> None:
        self.schedule, self.clock = schedule, clock
        self.checks: dict[str, Watched] = {}
        self.changes: dict[str, str] = {}
        self.watching_since = 0.0
        self.looks: dict[asyncio.Task[None], uuid.UUID] = {}  # with whose it is
        self.results: list[tuple[Claim, Watched, Kept]] = []
        self.stopping = asyncio.Event()
        self.database = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")

    async def run(self) -> None:
        """Run until `stop`; what is under way is finished and kept. Waits for Valkey and the database to be there."""
        while not await self._tried(self.begin) and not self.stopping.is_set():
            pass
        try:
            await asyncio.gather(
                self._every(PAUSE, self.claim_due),
                self._every(WRITE_EVERY, self.write),
                self._every(RELOAD_EVERY, self.reload),
                self._every(ALIVE_EVERY, self.say_alive),
            )
        finally:
            if self.looks:
                await asyncio.wait(self.looks, timeout=GRACE)
            await self.write()
            await self.end()

    async def begin(self) -> None:
        """Say that we are there, and learn what is to be watched."""
        await self.say_alive()
        await self.reload()

    async def end(self) -> None:
        """Close all connections."""
        await self.schedule.close()
        await self._in_database(connections.close_all)
        self.database.shutdown()

    def stop(self) -> None:
        """Claim no more."""
        self.stopping.set()

    async def _every(self, seconds: float, act: Callable[[], Any]) -> None:
        """Do it again and again."""
        while not self.stopping.is_set():
            await self._tried(act)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), seconds)

    async def _tried(self, act: Callable[[], Any]) -> bool:
        """Do it. Where Valkey or the database does not answer, say so, and go on in a moment."""
        try:
            await act()
        except (redis.RedisError, DatabaseError, InterfaceError, OSError) as error:
            log.warning("%s: %s", type(error).__name__, error)
            await asyncio.sleep(AGAIN)
            return False
        return True

    async def say_alive(self) -> None:
        """Tell others that somebody watches."""
        self.watching_since = await self.schedule.alive(self.clock())

    async def reload(self) -> None:
        """Learn all checks, put right what the schedule has, and tell what was left untold."""
        found: dict[str, Watched] = {}
        for organization in await self._in_database(organizations):
            found |= await self._in_database(watched, organization)
        self.checks = found
        at = self.clock()
        dues = {member: first_due(member, one, at, self.watching_since) for member, one in found.items()}
        wanted = {member: (due, found[member].target.timeout) for member, due in dues.items() if due is not None}
        latest = {member: at + one.target.interval + one.target.timeout + WRITING for member, one in found.items()}
        await self.schedule.sync(wanted, latest)
        asked = {one.organization.pk: one.organization for one in found.values()}
        await _apart(self._in_database(tell_outages, organization) for organization in asked.values())

    async def claim_due(self) -> None:
        """Begin the looks that are due, as far as there is room."""
        room = AT_ONCE - len(self.looks)
        if room <= 0:
            return
        claims, changes = await self.schedule.claim(self.clock(), room, Counter(self.looks.values()))
        await self._learn(changes, claims)
        for claim in claims:
            one = self.checks.get(claim.member)
            if one is not None:
                task = asyncio.create_task(self._look(claim, one))
                self.looks[task] = claim.tenant_id
                task.add_done_callback(self._looked)

    async def _learn(self, changes: dict[str, str], claims: list[Claim]) -> None:
        """Load anew the checks of organizations in which something has changed."""
        stale = {tenant_id for tenant_id, count in changes.items() if self.changes.get(tenant_id) != count}
        stale |= {str(claim.tenant_id) for claim in claims if claim.member not in self.checks}
        if not stale:
            return
        self.changes = changes
        known = {str(one.pk): one for one in await self._in_database(organizations)}
        for tenant_id in stale:
            kept = {member: one for member, one in self.checks.items() if not member.startswith(tenant_id)}
            self.checks = kept | (await self._in_database(watched, known[tenant_id]) if tenant_id in known else {})

    def _looked(self, task: asyncio.Task[None]) -> None:
        self.looks.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("A look: %s", error, exc_info=error)

    async def _look(self, claim: Claim, one: Watched) -> None:
        started = self.clock()
        if one.target.is_passive:
            found = await self._silence(claim, one)
            if found is None:
                return
        else:
            try:
                found = await look(one.target)
            except OutgoingBusy as error:  # nothing is known of it: its claim ends by itself, and it is looked at again
                log.warning("Check %s was not looked at: %s", claim.check_id, error)
                return
        kept = Kept(one.target.check_id, moment(claim.due), moment(started), found)
        self.results.append((claim, one, kept))

    async def _silence(self, claim: Claim, one: Watched) -> Found | None:
        """What the silence of one that is told means; None where it has called, and is only due later."""
        target = one.target
        last = (await self._in_database(called, one.organization, [target.check_id])).get(target.check_id)
        due = silent_from(target, last, self.watching_since)
        if due is not None and due > self.clock():
            await self.schedule.done(claim, due)
            return None
        return Found(DOWN, f"No call since {last:%Y-%m-%d %H:%M} UTC." if last else "It has never called.")

    async def write(self) -> None:
        """Keep what was found, one transaction for each organization, and give the claims back.

        What cannot be kept is dropped: its claim ends by itself, and it is looked at again. The trouble of one organization
        is not that of the others.
        """
        batch, self.results = self.results, []
        groups: dict[uuid.UUID, list[tuple[Claim, Watched, Kept]]] = defaultdict(list)
        for result in batch:
            groups[result[1].organization.pk].append(result)
        await _apart(self._keep(group) for group in groups.values())

    async def _keep(self, group: list[tuple[Claim, Watched, Kept]]) -> None:
        organization = group[0][1].organization
        turned = await self._in_database(keep_all, organization, [kept for _, _, kept in group])
        for claim, one, _ in group:
            await self.schedule.done(claim, self._next(claim, one))
        if turned:
            await self._in_database(tell_outages, organization)

    def _next(self, claim: Claim, one: Watched) -> float:
        if one.target.is_passive:
            return max(claim.due, self.clock()) + one.target.interval
        return next_due(claim.member, one.target.interval, max(claim.due, self.clock()))

    async def _in_database(self, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.database, _fresh, function, arguments)


def keep_all(organization: Organization, results: list[Kept]) -> bool:
    """Keep results in a transaction; tells whether a check turned."""
    with tenant(organization):
        return keep(results)


async def _apart(works: Iterable[Awaitable[object]]) -> None:
    """Do them all; what one of them runs into is logged, and stops no other."""
    for outcome in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(outcome, BaseException):
            log.error("Checks of an organization: %s", outcome, exc_info=outcome)


def moment(seconds: float) -> dt.datetime:
    """Seconds since 1970 as an instant, to the millisecond."""
    return dt.datetime.fromtimestamp(round(seconds, 3), dt.UTC)


def _fresh(function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    """Call it with database connections that are not too old."""
    close_old_connections()
    return function(*arguments)
