"""Which evidence and populations a limited auditor sees for what they are used for: apps above say so of their records."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

Ids = Callable[[], QuerySet[Any, Any]]
_handed: dict[str, Ids] = {}
_proven: list[Ids] = []


def register_handed(*, evidence: Ids, populations: Ids) -> None:
    """Functions that give the ids of what was handed to the present reader in answer to what an auditor asked."""
    _handed.update(evidence=evidence, population=populations)


def register_proven(function: Ids) -> Ids:
    """`function()` gives the ids of the evidence of other records that the present reader is shown."""
    if function not in _proven:
        _proven.append(function)
    return function


def handed(name: str) -> Q:
    """The condition of having been handed over, of `evidence` or `population`."""
    return Q(pk__in=_handed[name]()) if name in _handed else Q(pk__in=[])


def belonging() -> QuerySet[Any, Any]:
    """The ids of the evidence that was handed over or proves something shown, whenever it was collected."""
    condition = handed("evidence")
    for function in _proven:
        condition |= Q(pk__in=function())
    return _ids("Evidence", condition)


def populations_handed() -> QuerySet[Any, Any]:
    """The ids of the populations that were handed over, of whatever days they are."""
    return _ids("Population", handed("population"))


def files_shown() -> QuerySet[Any, Any]:
    """The ids of the files of the evidence that is shown."""
    ids: QuerySet[Any, Any] = _manager("Evidence").all().values("file")
    return ids


def _ids(model: str, condition: Q) -> QuerySet[Any, Any]:
    ids: QuerySet[Any, Any] = _manager(model).whole().filter(condition).values("pk")
    return ids


def _manager(model: str) -> Any:
    found: Any = apps.get_model("evidence", model)
    return found.objects
