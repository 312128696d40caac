"""Asking for a package, keeping it, giving up on it."""

from collections.abc import Collection
from typing import BinaryIO

from accounts.models import Member
from audit.actions import action
from audit.actors import WORKER, Actor
from audit.record import record
from controls.models import AuditPeriod
from evidence.files import store_made
from proof.models import AuditPackage
from proof.package.making import Made, chosen
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.references import next_reference

WRITE, READ = "packages.write", "packages.read"


@action
def ask_package(
    period: AuditPeriod, *, actor: Member, codes: Collection[str] = (), with_requests: bool = True, with_populations: bool = True
) -> AuditPackage:
    """Ask for the package of a period; a worker makes it. `codes` are those of controls. Raises ActionRefused."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    package = AuditPackage(
        reference=next_reference("PKG", f"{now():%Y}"),
        period=period,
        codes=sorted(set(codes)),
        with_requests=with_requests,
        with_populations=with_populations,
        asked_by=actor,
        asked_at=now(),
    )
    found = {control.code for control in chosen(package)}
    if strange := sorted(set(package.codes) - found):
        raise ActionRefused(f"Not in scope of {period.name}: {', '.join(strange)}.", field="codes")
    if not found:
        raise ActionRefused(f"No control is in scope of {period.name}.", field="period")
    package.save(force_insert=True)
    told = {
        "period": period.name,
        "controls": package.codes or "all in scope",
        "requests": with_requests,
        "populations": with_populations,
    }
    record("package.ask", package, actor=actor, after=told)
    _queue(package)
    return package


@action
def keep_package(package: AuditPackage, sink: BinaryIO, made: Made, *, as_of: object) -> AuditPackage:
    """Keep the zip. Raises ActionRefused when it is ready already."""
    file = store_made(sink, f"{package.reference}.zip")
    AuditPackage.FINISH.apply(
        package, actor=WORKER, file=file, files=made.files, events=made.events, head=made.head, manifest=made.manifest,
        as_of=as_of, ready_at=now(), problem="",
    )  # fmt: skip
    return package


@action
def fail_package(package: AuditPackage, problem: str) -> None:
    """Say why it could not be made."""
    AuditPackage.FAIL.apply(package, actor=WORKER, problem=problem)


@action
def try_again(package: AuditPackage, *, actor: Actor) -> AuditPackage:
    """Have one that failed made now. Raises ActionRefused."""
    AuditPackage.RETRY.apply(package, actor=actor, problem="", asked_at=now())
    _queue(package)
    return package


def _queue(package: AuditPackage) -> None:
    from proof.package.tasks import make_package  # noqa: PLC0415 - the task keeps what it makes by the actions here

    make_package.delay_on_commit(str(package.pk))
