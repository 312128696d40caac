"""Load tests in words."""

from decimal import Decimal

from monitoring.models import LoadTest

UNKNOWN = "not measured"


def words_of(test: LoadTest) -> str:
    """What came of a test, as a sentence."""
    load = f"{load_of(test.load_reached, test.unit)} of {test.load_aimed:,} were reached"
    if test.load_reached is None:
        load = f"how much of {load_of(test.load_aimed, test.unit)} was reached was not measured"
    answers = f"95 % of the answers took up to {milliseconds(test.answer_ms)} against {milliseconds(test.answer_limit_ms)}"
    if test.answer_ms is None:
        answers = f"how long answers took was not measured against {milliseconds(test.answer_limit_ms)}"
    errors = f"{percent(test.errors_seen)} failed against {percent(test.errors_allowed)}"
    if test.errors_seen is None:
        errors = f"how many failed was not measured against {percent(test.errors_allowed)}"
    return f"{load[0].upper()}{load[1:]}; {answers}; {errors}."


def load_of(value: int | None, unit: str) -> str:
    """`1,200 requests per second`."""
    return UNKNOWN if value is None else f"{value:,} {unit}"


def milliseconds(value: int | None) -> str:
    """`480 ms`."""
    return UNKNOWN if value is None else f"{value:,} ms"


def percent(value: Decimal | None) -> str:
    """`0.5 %`."""
    return UNKNOWN if value is None else f"{value.normalize():f} %"
