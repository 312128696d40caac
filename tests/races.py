"""Several threads that do the same at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from ui.refusals import ActionRefused


def at_once(act: Callable[[int], Any], count: int = 4) -> list[Any]:
    """Run `act` in so many threads at the same time; each result, or the exception it raised."""
    barrier = Barrier(count)

    def run(number: int) -> Any:
        try:
            barrier.wait()
            return act(number)
        except (ActionRefused, RuntimeError) as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
