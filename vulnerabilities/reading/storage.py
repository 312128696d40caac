"""Lists of resources that hold data: our own, as CSV, XLSX or JSON, and what the AWS CLI prints."""

from collections.abc import Iterable, Sequence

from evidence.tables.errors import FormatError
from vulnerabilities.reading import aws, resource_list
from vulnerabilities.reading.json_values import MOST, document
from vulnerabilities.reading.report import Report, listed, merged
from vulnerabilities.reading.resource_list import MOST_RESOURCES, TOO_MANY
from vulnerabilities.reading.resource_rules import (
    KIND_NOT_KNOWN,
    LOGS_KEPT_BRIEFLY,
    NOT_BACKED_UP,
    NOT_ENCRYPTED,
    judge_resource,
    together,
)
from vulnerabilities.reading.resources import Judged, Resource

_BEFORE = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


def read(content: bytes) -> Report:
    """The settings in a file. Raises FormatError."""
    if len(content) > MOST:
        raise FormatError("The file is larger than 50 MB: list fewer resources at once.")
    report = Report(things="resources")
    if content.lstrip(_BEFORE)[:1] in (b"{", b"["):
        data = document(content)
        source = aws if aws.looks_like(data) else resource_list
        told = source.read(data, report)
    else:
        told = resource_list.read_table(content, report)
    _take(report, told)
    return report


def _take(report: Report, told: Iterable[Resource]) -> None:
    by_label: dict[str, Judged] = {}
    twice: list[str] = []
    for number, one in enumerate(told, 1):
        if number > MOST_RESOURCES:
            raise FormatError(TOO_MANY)
        judged, found = judge_resource(one)
        report.found += found
        if one.label in by_label:
            twice.append(one.label)
            judged = together(by_label[one.label], judged)
        by_label[one.label] = judged
    report.found = merged(report.found)
    report.resources = list(by_label.values())
    report.targets = [label[:500] for label in by_label]
    _refuse(report, twice)


def _refuse(report: Report, twice: Sequence[str]) -> None:
    """A scan in which something is not told closes nothing: what is not known is not good."""
    judgeable = [one for one in report.resources if not one.open]
    report.checked, report.skipped = len(judgeable), len(report.resources) - len(judgeable)
    if not report.resources:
        report.refuse("It names no resource.")
    if report.skipped:
        named = listed([f"{_open(one)} of {one.label}" for one in report.resources if one.open], 3)
        report.refuse(f"It does not tell enough of {report.skipped:,} of {len(report.resources):,} resources: {named}."[:500])
    if twice:
        named = listed(list(dict.fromkeys(twice)))
        report.refuse(f"These are named more than once, and count with the worst that is told of them: {named}."[:500])


def _open(one: Judged) -> str:
    return next(word for rule, word in _RULES.items() if rule in one.open)


_RULES = {NOT_ENCRYPTED: "encryption", KIND_NOT_KNOWN: "the kind", LOGS_KEPT_BRIEFLY: "retention", NOT_BACKED_UP: "backups"}
