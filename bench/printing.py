"""How much memory a printing process takes, counted in a small process of its own.

The kernel gives a child the peak of what its parent had when it was started, and one figure for all children together: of
the benchmark's own process, with its rows and its floors, it would say nothing about printing.
"""

import multiprocessing
import resource
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from evidence.printing.printer import Enclosure, make_pdf

MEMORY_LIMIT = 400 * 1024  # kilobytes


def must_fit(html: str, *, made_at: str, enclosures: Sequence[Enclosure] = ()) -> None:
    """Print once, and raise RuntimeError when it took more than the limit."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as small:
        peak = small.submit(_peak, html, made_at, list(enclosures)).result()
    if peak > MEMORY_LIMIT:
        raise RuntimeError(f"The report took {peak // 1024} MB.")


def _peak(html: str, made_at: str, enclosures: list[Enclosure]) -> int:
    """The printing process's peak in kilobytes; it is the only child."""
    make_pdf(html, made_at=made_at, enclosures=enclosures)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
