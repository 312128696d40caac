"""bin/manage run_checks: look at what is to be watched, until told to stop."""

import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from monitoring.running.runner import Runner
from monitoring.running.schedule import Schedule


class Command(BaseCommand):
    """Runs checks. Several may run at once, on one host or many."""

    help = "Run the checks of all organizations until SIGTERM. Several may run at once."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run until a signal."""
        asyncio.run(_run())


async def _run() -> None:
    runner = Runner(Schedule(settings.PLUMBLINE_MONITOR_URL))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, runner.stop)
    await runner.run()
