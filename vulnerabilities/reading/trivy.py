"""What `trivy --format json` prints, SchemaVersion 2: packages, misconfigurations and secrets, by target."""

from collections.abc import Iterator
from typing import Any

from vulnerabilities.reading.json_values import inside, moment, prose, rows, score, text, web, words
from vulnerabilities.reading.report import Found, Report, merged, ordered
from vulnerabilities.reading.severity import of_score, of_word

NAME = "Trivy"
_CLASSES = ("os-pkgs", "lang-pkgs", "config", "secret")
_PACKAGES = ("os-pkgs", "lang-pkgs")


def looks_like(data: Any) -> bool:
    """Whether it is one."""
    return isinstance(data, dict) and "SchemaVersion" in data and ("Results" in data or "ArtifactName" in data)


def read(data: dict[str, Any]) -> Report:
    """The scan."""
    report = Report(
        tool_name=NAME,
        tool_version=text(inside(data, "Trivy", "Version"), 60),
        ran_at=moment(data.get("CreatedAt")),
        target=text(data.get("ArtifactName"), 500),
    )
    results = [one for one in rows(data.get("Results")) if one.get("Class") in _CLASSES or _holds_something(one)]
    if not results:
        report.refuse("Trivy names nothing that it checked: it found no packages, or scanned another folder.")
    system = inside(data, "Metadata", "OS")
    if inside(system, "EOSL") is True:
        name = f"{text(inside(system, 'Family'), 40)} {text(inside(system, 'Name'), 40)}".strip()
        report.refuse(f"The operating system, {name}, gets no security updates any more: what Trivy can tell of it is not whole.")
    packages = [one["Packages"] for one in results if isinstance(one.get("Packages"), list)]
    report.checked = sum(len(one) for one in packages) if packages else None
    report.targets = sorted({_place(one) for one in results if one.get("Class", "os-pkgs") in _PACKAGES})[:2_000]
    report.found = merged([found for one in results for found in _of(one)])
    return report


def _holds_something(result: dict[str, Any]) -> bool:
    """Reports of old versions name no class."""
    return any(isinstance(result.get(name), list) for name in ("Vulnerabilities", "Misconfigurations", "Secrets", "Packages"))


def _place(result: dict[str, Any]) -> str:
    """Where it was found: a lock file; of an operating system its family, as its target has the image's tag in it."""
    kind = text(result.get("Type"), 60)
    return kind if result.get("Class") == "os-pkgs" and kind else text(result.get("Target"), 500)


def _of(result: dict[str, Any]) -> Iterator[Found]:
    place = _place(result)
    for one in rows(result.get("Vulnerabilities")):
        yield _package(one, place)
    for one in rows(result.get("Misconfigurations")):
        if text(one.get("Status")) in ("FAIL", ""):
            yield _misconfiguration(one, place)
    for one in rows(result.get("Secrets")):
        yield _secret(one, place)
    for one in rows(result.get("ExperimentalModifiedFindings")):
        kind, finding = one.get("Type"), one.get("Finding")
        if isinstance(finding, dict) and kind in _READ:
            yield _READ[kind](finding, place).ignored(reason=prose(one.get("Statement")), rule=text(one.get("Source"), 300))


def _secret(one: dict[str, Any], place: str) -> Found:
    severity, told = of_word(text(one.get("Severity")))
    names = [text(one.get("RuleID"), 200) or "secret"]
    return Found(names, text(one.get("Title")) or "Secret", severity, told, location=place)


def _package(one: dict[str, Any], place: str) -> Found:
    package = text(one.get("PkgName"))
    names = ordered([text(one.get("VulnerabilityID"), 200), *words(one.get("VendorIDs"), 200)]) or ["Vulnerability"]
    severity, told = of_word(text(one.get("Severity")))
    if told.startswith(("not", "UNKNOWN")) and (best := _score(one)):
        severity, told = of_score(best)
    path = text(one.get("PkgPath"), 300)
    return Found(
        names=names,
        title=text(one.get("Title")) or f"{names[0]} in {package}",
        severity=severity,
        told=told,
        package=package,
        version=text(one.get("InstalledVersion"), 120),
        fixed_in=text(one.get("FixedVersion")),
        location=f"{place} {path}".strip()[:500] if path else place,
        description=prose(one.get("Description")),
        url=web(one.get("PrimaryURL")),
    )


def _score(one: dict[str, Any]) -> float | None:
    """The highest base score of any source, of CVSS 4, 3 or 2."""
    sources = one.get("CVSS")
    given = [
        found
        for source in (sources.values() if isinstance(sources, dict) else ())
        for name in ("V40Score", "V3Score", "V2Score")
        if (found := score(inside(source, name)))
    ]
    return max(given, default=None)


def _misconfiguration(one: dict[str, Any], place: str) -> Found:
    severity, told = of_word(text(one.get("Severity")))
    return Found(
        names=ordered([text(one.get("AVDID"), 200), text(one.get("ID"), 200)]) or ["Misconfiguration"],
        title=text(one.get("Title")) or "Misconfiguration",
        severity=severity,
        told=told,
        location=place,
        mark=text(inside(one, "CauseMetadata", "Resource"), 200),
        description=prose(one.get("Message")) or prose(one.get("Description")),
        fixed_in=text(one.get("Resolution")),
        url=web(one.get("PrimaryURL")),
    )


_READ = {"vulnerability": _package, "misconfiguration": _misconfiguration, "secret": _secret}  # findings that a rule ignores
