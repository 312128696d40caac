"""What `osv-scanner --format json` prints: advisories in groups of those that are the same, by lock file."""

from collections.abc import Iterator
from typing import Any

from vulnerabilities.models.vulnerability import Severity
from vulnerabilities.reading.json_values import inside, prose, rows, score, text, words
from vulnerabilities.reading.report import Found, Report, merged, ordered
from vulnerabilities.reading.severity import UNKNOWN, of_score, of_word

NAME = "OSV-Scanner"


def looks_like(data: Any) -> bool:
    """Whether it is one: even one that found nothing has its results."""
    return isinstance(data, dict) and isinstance(data.get("results"), list) and "runs" not in data and "matches" not in data


def read(data: dict[str, Any]) -> Report:
    """The scan. Without --all-packages it names only what is vulnerable."""
    report = Report(tool_name=NAME, tool_version=text(inside(data, "experimental_config", "version"), 60))
    packages = [(source, package) for source in rows(data["results"]) for package in rows(source.get("packages"))]
    report.found = merged([found for source, package in packages for found in _of(source, package)])
    names_clean_ones = any(not package.get("vulnerabilities") and not package.get("groups") for _, package in packages)
    report.says_what_was_checked = names_clean_ones
    if names_clean_ones:
        report.checked = len(packages)
        report.targets = sorted({_place(source) for source, _ in packages})[:2_000]
    return report


def _place(source: dict[str, Any]) -> str:
    return text(inside(source, "source", "path"), 500) or text(inside(source, "packageSource", "path"), 500)


def _of(source: dict[str, Any], package: dict[str, Any]) -> Iterator[Found]:
    about = {text(one.get("id"), 200): one for one in rows(package.get("vulnerabilities"))}
    groups = [words(one.get("ids"), 200) for one in rows(package.get("groups"))]
    gravest = [score(one.get("max_severity")) for one in rows(package.get("groups"))]
    grouped = {name for group in groups for name in group}
    alone = [[name] for name in about if name and name not in grouped]
    for ids, scored in zip([*groups, *alone], [*gravest, *[None for _ in alone]], strict=True):
        told = [about[name] for name in ids if name in about]
        yield _found(source, package, ids, told, scored)


def _found(
    source: dict[str, Any], package: dict[str, Any], ids: list[str], told: list[dict[str, Any]], scored: float | None
) -> Found:
    names = ordered([*ids, *(alias for one in told for alias in words(one.get("aliases"), 200))]) or ["Vulnerability"]
    severity, words_ = of_score(scored) if scored else _stated(told)
    name = text(inside(package, "package", "name"))
    return Found(
        names=names,
        title=next((said for one in told if (said := text(one.get("summary")))), f"{names[0]} in {name}"),
        severity=severity,
        told=words_,
        package=name,
        version=text(inside(package, "package", "version"), 120),
        fixed_in=", ".join(_fixes(told))[:300],
        location=_place(source),
        description=next((said for one in told if (said := prose(one.get("details")))), ""),
        url=f"https://osv.dev/vulnerability/{ids[0]}" if ids else "",
    )


def _stated(told: list[dict[str, Any]]) -> tuple[Severity, str]:
    """What the database that has it says in a word, as GitHub's does."""
    stated = [of_word(said) for one in told if (said := text(inside(one, "database_specific", "severity")))]
    return min(stated, key=lambda one: list(Severity).index(one[0]), default=(UNKNOWN, "not stated"))


def _fixes(told: list[dict[str, Any]]) -> list[str]:
    versions = (
        text(event.get("fixed"), 60)
        for one in told
        for affected in rows(one.get("affected"))
        for span in rows(affected.get("ranges"))
        if span.get("type") != "GIT"
        for event in rows(span.get("events"))
    )
    return list(dict.fromkeys(filter(None, versions)))
