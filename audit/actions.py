"""`@action`: the transaction of everything that changes state."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from tenancy.scope import current_scope, settle_constraints
from tenancy.spans import whole

P = ParamSpec("P")
T = TypeVar("T")


class NothingRecorded(RuntimeError):
    """An action changed state and left no event."""


def action(function: Callable[P, T]) -> Callable[P, T]:
    """Run in a savepoint, refuse to keep it if nothing was recorded, and settle the deferred checks at its end.

    An action within an action leaves the settling to the outermost, which may record its own event last. What it decides on
    does not depend on what its actor is limited to see.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        scope = current_scope()
        before = scope.events
        scope.depth += 1
        try:
            with transaction.atomic(), whole():
                result = function(*args, **kwargs)
                if scope.events == before:
                    raise NothingRecorded(f"{function.__module__}.{function.__qualname__} recorded no event.")
                if scope.depth == 1:
                    settle_constraints()
        finally:
            scope.depth -= 1
        return result

    return run
