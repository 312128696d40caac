"""What is asked of what holds data: encrypted at rest, logs kept 90 days, databases backed up. Pure; docs/vulnerabilities.md.

What is not told is not met: it could not be evaluated.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from vulnerabilities.models.vulnerability import Severity
from vulnerabilities.reading.report import Found
from vulnerabilities.reading.resources import Judged, Key, Kind, Resource, Verdict, in_days

LOG_DAYS = 90  # as the readiness checklist asks of central logs
NOT_ENCRYPTED, LOGS_KEPT_BRIEFLY, NOT_BACKED_UP = "STORAGE-NOT-ENCRYPTED", "LOGS-KEPT-BRIEFLY", "DATABASE-NOT-BACKED-UP"
KIND_NOT_KNOWN = "KIND-NOT-KNOWN"


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says of a resource; without a severity it could not be judged."""

    rule: str
    sentence: str
    severity: Severity | None = None


def judge_resource(one: Resource) -> tuple[Judged, list[Found]]:
    """What it comes to, and what is found."""
    said = [*_kind(one), *_encryption(one), *_retention(one), *_backups(one)]
    found = [_found(one, each.rule, each.sentence, each.severity) for each in said if each.severity]
    missing = [each.rule for each in said if each.severity is None]
    verdict = Verdict.FAILS if found else Verdict.UNKNOWN if missing else Verdict.MEETS
    judged = Judged(
        **asdict(one),
        verdict=verdict.value,
        broken=[each.names[0] for each in found],
        open=missing,
        why=[each.sentence for each in said],
    )
    return judged, found


def together(one: Judged, other: Judged) -> Judged:
    """A resource that is named twice: the worse of the two, with what is wrong with either."""
    worse = min(one, other, key=lambda each: (Verdict.values.index(each.verdict), -len(each.broken)))
    return replace(worse, broken=_both(one.broken, other.broken), open=_both(one.open, other.open), why=_both(one.why, other.why))


def _both(some: list[str], others: list[str]) -> list[str]:
    return list(dict.fromkeys([*some, *others]))


def _found(one: Resource, rule: str, sentence: str, severity: Severity) -> Found:
    return Found(
        [rule],
        f"{one.name}: {sentence[:1].lower()}{sentence[1:]}"[:300].rstrip("."),
        severity,
        _where(one),
        location=one.label[:500],
    )


def _where(one: Resource) -> str:
    """Why it is as grave as it is."""
    if not one.environment:
        return "environment not told: as in production"
    return f"in {one.environment}" if one.counts_as_production else f"in {one.environment}, not in production"


def _kind(one: Resource) -> Iterator[Said]:
    if not one.kind:
        yield Said(KIND_NOT_KNOWN, "What it is, is not told: nobody can say how long its data has to be kept.")


def _encryption(one: Resource) -> Iterator[Said]:
    if one.encrypted is None:
        yield Said(NOT_ENCRYPTED, "Whether it is encrypted at rest is not told.")
    elif not one.encrypted:
        yield Said(NOT_ENCRYPTED, "It is not encrypted at rest.", Severity.HIGH if one.counts_as_production else Severity.MEDIUM)
    elif one.key == Key.NONE:
        yield Said(NOT_ENCRYPTED, "It is told to be encrypted, with a key that nobody manages: one of the two is wrong.")


def _retention(one: Resource) -> Iterator[Said]:
    if one.kind != Kind.LOGS or one.kept_forever:
        return
    if one.kept_days is None:
        yield Said(LOGS_KEPT_BRIEFLY, "How long its logs are kept is not told.")
    elif one.kept_days < LOG_DAYS:
        severity = Severity.MEDIUM if one.counts_as_production else Severity.LOW
        yield Said(LOGS_KEPT_BRIEFLY, f"Its logs are kept {in_days(one.kept_days)}, not {LOG_DAYS} or longer.", severity)


def _backups(one: Resource) -> Iterator[Said]:
    if one.kind != Kind.DATABASE or one.is_replica or one.backed_up_forever or not one.counts_as_production:
        return
    if one.backup_days is None:
        yield Said(NOT_BACKED_UP, "How long its backups are kept is not told.")
    elif one.backup_days == 0:
        yield Said(NOT_BACKED_UP, "No backup of it is kept.", Severity.HIGH)
