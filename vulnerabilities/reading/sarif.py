"""SARIF 2.1.0 (OASIS): results of any tool that writes it.

A run is of use when its invocations succeeded, no notification is an error, and its results are there (3.14, 3.20).
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from vulnerabilities.models.vulnerability import Severity
from vulnerabilities.reading.json_values import inside, moment, prose, rows, score, text, web
from vulnerabilities.reading.report import Found, Report, merged
from vulnerabilities.reading.severity import of_score, of_word

_OVER = ("accepted", "")  # states of a suppression that holds; "" is one without a state (3.35.3)
_KINDS = {"inSource": "in the source", "external": "outside the source"}
_MARKS = ("primaryLocationLineHash", "matchBasedId/v1")  # of GitHub and Semgrep; any other counts where these are not there


def looks_like(data: Any) -> bool:
    """Whether it is one."""
    return isinstance(data, dict) and "runs" in data and (text(data.get("version")).startswith("2.") or "$schema" in data)


def read(data: dict[str, Any]) -> Report:
    """The scan: all runs of the file together. One that failed makes the whole of no use."""
    report = Report()
    if text(data.get("version")) != "2.1.0":
        report.refuse(f"It is SARIF {text(data.get('version'), 20) or 'of no version'}; 2.1.0 is read.")
    runs = list(rows(data.get("runs")))
    if not runs:
        report.refuse("It holds no run: nothing was checked.")
    found: list[Found] = []
    for run in runs:
        _judge(run, report)
        found.extend(_of(run))
    report.found = merged(found)
    drivers = [run["tool"]["driver"] for run in runs if isinstance(inside(run, "tool", "driver"), dict)]
    report.tool_name = ", ".join(dict.fromkeys(text(one.get("name"), 60) for one in drivers))[:120]
    versions = (text(one.get("semanticVersion"), 60) or text(one.get("version"), 60) for one in drivers)
    report.tool_version = next((one for one in versions if one), "")
    kinds = (text(inside(one, "automationDetails", "id"), 500).rpartition("/")[0] for one in runs)
    report.analyses = sorted({kind for kind in kinds if kind})[:100]
    report.target = next(
        (uri for run in runs for one in rows(run.get("versionControlProvenance")) if (uri := _repository(one))), ""
    )
    ended = [moment(one.get("endTimeUtc")) or moment(one.get("startTimeUtc")) for one in _invocations(runs)]
    report.ran_at = max((at for at in ended if at), default=None)
    return report


def _repository(one: dict[str, Any]) -> str:
    return text(one.get("repositoryUri"), 500)


def _invocations(runs: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for run in runs:
        yield from rows(run.get("invocations"))


def _judge(run: dict[str, Any], report: Report) -> None:
    name = text(inside(run, "tool", "driver", "name"), 60) or "The tool"
    if not isinstance(run.get("results"), list):
        report.refuse(f"{name} gives no results: it says that it did not look for any.")
    for invocation in rows(run.get("invocations")):
        if invocation.get("executionSuccessful") is False:
            said = text(invocation.get("exitCodeDescription")) or text(invocation.get("processStartFailureMessage"))
            report.refuse(f"{name} says that it failed{f': {said}' if said else ''}.")
        for kind in ("toolExecutionNotifications", "toolConfigurationNotifications"):
            for one in rows(invocation.get(kind)):
                if one.get("level") == "error":
                    report.refuse(f"{name} reports an error: {_message(one.get('message')) or 'it does not say which'}."[:500])


def _message(message: object) -> str:
    return text(inside(message, "text")) or text(inside(message, "markdown"))


def _of(run: dict[str, Any]) -> Iterator[Found]:
    rules = [*rows(inside(run, "tool", "driver", "rules"))]
    for extension in rows(inside(run, "tool", "extensions")):
        rules.extend(rows(extension.get("rules")))
    by_id = {text(rule.get("id"), 200): rule for rule in reversed(rules)}
    own = list(rows(inside(run, "tool", "driver", "rules")))
    for result in rows(run.get("results")):
        if result.get("kind", "fail") not in ("fail", "review", "open"):
            continue  # passed, not applicable, for information
        if result.get("baselineState") == "absent":
            continue  # it was there in an earlier run and is not now
        index = result.get("ruleIndex")
        pointed = own[index] if isinstance(index, int) and 0 <= index < len(own) else {}
        key = text(result.get("ruleId"), 200) or text(inside(result, "rule", "id"), 200) or text(pointed.get("id"), 200)
        rule = by_id.get(key) or by_id.get(key.split("/", 1)[0]) or pointed
        found = _found(result, rule, key or "rule")
        if found is not None:
            yield found


def _found(result: dict[str, Any], rule: dict[str, Any], key: str) -> Found | None:
    level = text(result.get("level")) or text(inside(rule, "defaultConfiguration", "level")) or "warning"
    scored = score(inside(result, "properties", "security-severity")) or score(inside(rule, "properties", "security-severity"))
    if level == "none" and not scored:
        return None
    severity: Severity
    severity, told = of_score(scored) if scored else of_word(level)
    message = _message(result.get("message"))
    place = next((_uri(one) for one in rows(result.get("locations")) if _uri(one)), "")
    found = Found(
        names=[key],
        title=(_message(rule.get("shortDescription")) or message or key)[:300],
        severity=severity,
        told=told,
        location=place,
        mark=_mark(result, message),
        description=prose(inside(result, "message", "text")) or prose(inside(rule, "fullDescription", "text")),
        url=web(rule.get("helpUri")),
    )
    held = next((one for one in rows(result.get("suppressions")) if text(one.get("status")) in _OVER), None)
    if held is None:
        return found
    return found.ignored(reason=prose(held.get("justification")), rule=_KINDS.get(text(held.get("kind")), ""))


def _uri(location: dict[str, Any]) -> str:
    return text(inside(location, "physicalLocation", "artifactLocation", "uri"), 500)


def _mark(result: dict[str, Any], message: str) -> str:
    """What the tool itself tells results apart by; else the line's text, else the message, but never the line's number."""
    for kind in ("fingerprints", "partialFingerprints"):
        given = result.get(kind)
        if isinstance(given, dict) and given:
            names = [name for name in _MARKS if name in given] or sorted(given)
            return _short("\n".join(f"{name}={text(given[name], 200)}" for name in names))
    snippet = next(
        (text(inside(one, "physicalLocation", "region", "snippet", "text")) for one in rows(result.get("locations"))), ""
    )
    return _short(snippet or message)


def _short(said: str) -> str:
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
