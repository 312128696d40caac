"""Rows whose fields an earlier version kept in the clear: sealed in an upgrade, and opened again when that is taken back.

For migrations: the models are as they were then, whose fields hold what the database has. An event says so for each row.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from accounts.sealed import spelled_alike
from accounts.sealing import blind_index, seal, unseal
from audit.actors import System
from audit.record import Entry, record_many

ITSELF = System("upgrade")
AT_ONCE = 500


def seal_rows(model: Any, labels: Mapping[str, str], indexes: Mapping[str, str] | None = None) -> int:
    """Seal fields of each row: `labels` by field, `indexes` the field of the blind index by the one it is made of."""
    return _each(model, labels, "sealed_value.seal", partial(_sealed, labels=labels, indexes=indexes or {}))


def open_rows(model: Any, labels: Mapping[str, str]) -> int:
    """Put the values back as they were said; blind indexes go with their columns. Raises SealingError."""
    return _each(model, labels, "sealed_value.open", partial(_opened, labels=labels))


def _each(model: Any, labels: Mapping[str, str], verb: str, made: Callable[[Any], dict[str, str]]) -> int:
    count, last = 0, None
    while rows := list((model.objects.filter(pk__gt=last) if last else model.objects.all()).order_by("pk")[:AT_ONCE]):
        written = [row for row in rows if _write(model, row, made(row))]
        record_many(verb, actor=ITSELF, entries=[_entry(row, labels) for row in written])
        count, last = count + len(written), rows[-1].pk
    return count


def _write(model: Any, row: Any, values: dict[str, str]) -> bool:
    return bool(values) and model.objects.filter(pk=row.pk).update(**values) == 1


def _entry(row: Any, labels: Mapping[str, str]) -> Entry:
    name = getattr(row, "reference", "") or str(row._meta.verbose_name).capitalize()
    return Entry(row._meta.label_lower, row.pk, name, metadata={"fields": sorted(labels)})


def _sealed(row: Any, *, labels: Mapping[str, str], indexes: Mapping[str, str]) -> dict[str, str]:
    said = {name: getattr(row, name) for name in labels if getattr(row, name)}
    place = {"tenant_id": row.tenant_id}
    sealed = {name: seal(text.encode(), label=labels[name], row_id=row.pk, **place) for name, text in said.items()}
    found = {
        indexes[name]: blind_index(spelled_alike(said[name]), label=labels[name], **place) for name in indexes if name in said
    }
    return {**sealed, **found}


def _opened(row: Any, *, labels: Mapping[str, str]) -> dict[str, str]:
    said = {name: getattr(row, name) for name in labels if getattr(row, name)}
    return {
        name: unseal(text, label=labels[name], row_id=row.pk, tenant_id=row.tenant_id).decode() for name, text in said.items()
    }
