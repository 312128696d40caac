"""`bin/bench [CASE ...] [--json]`: run the cases, one line each; exits 1 when a limit is passed."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import django
from celery import current_app
from django.conf import settings

from grc.collector import calm_collector

if TYPE_CHECKING:
    from bench.harness import Case, Figure


def main() -> int:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(prog="bin/bench", description="Each case beside its floor, in the same run.")
    parser.add_argument("cases", nargs="*", help="names of cases, or parts of them; all by default")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--rounds", type=int, default=0, help="fewer rounds, for a first look; the verdict needs the default")
    parser.add_argument("--list", action="store_true", help="name the cases and stop")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grc.settings")
    os.environ.setdefault("PLUMBLINE_LOG_LEVEL", "WARNING")
    django.setup()
    calm_collector()  # as a server does
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.PLUMBLINE_PERSON_RATE = settings.PLUMBLINE_COSTLY_RATE = 10**9  # one person asks for everything
    current_app.conf.update(task_always_eager=True, task_eager_propagates=True)
    return run(options)


def run(options: argparse.Namespace) -> int:
    """Run the chosen cases; 1 when one is over its limit, 2 when none was found."""
    from bench.cases.registry import CASES  # noqa: PLC0415 - models can be imported only after django.setup()
    from bench.database import own_database  # noqa: PLC0415

    chosen = {name: build for name, build in CASES.items() if not options.cases or any(part in name for part in options.cases)}
    if options.list:
        print("\n".join(chosen))
        return 0
    if not chosen:
        print("No such case; --list names them.", file=sys.stderr)
        return 2
    passed = True
    with own_database():
        for build in chosen.values():
            passed &= _report(build, as_json=options.json, rounds=options.rounds)
    return 0 if passed else 1


def _report(build: "Callable[[], Case | Figure | Iterable[Case | Figure]]", *, as_json: bool, rounds: int) -> bool:
    """Measure what a case consists of; false when any of it is over its limit."""
    from bench.harness import Case, Figure  # noqa: PLC0415

    made = build()
    passed = [_measured(one, as_json=as_json, rounds=rounds) for one in ([made] if isinstance(made, Case | Figure) else made)]
    return all(passed)


def _measured(case: "Case | Figure", *, as_json: bool, rounds: int) -> bool:
    from bench.harness import Figure, measure, measure_figure  # noqa: PLC0415

    result = measure_figure(case) if isinstance(case, Figure) else measure(replace(case, rounds=rounds) if rounds else case)
    line = (
        json.dumps(result.as_dict())
        if as_json
        else f"{'ok  ' if result.passed else 'OVER'} {result.case:32} {result.seconds:8.4f} {case.unit}, at most {case.most:g}"
        if isinstance(case, Figure)
        else (
            f"{'ok  ' if result.passed else 'OVER'} {result.case:32} {result.ratio:6.2f} x (limit {result.limit})"
            f"  {result.seconds:8.4f} s against {result.floor_seconds:8.4f} s  {result.queries} queries"
        )
    )
    print(line, flush=True)
    return result.passed


if __name__ == "__main__":
    sys.exit(main())
