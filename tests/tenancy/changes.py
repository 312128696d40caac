"""The part of everything that change management holds: a change with all that hangs on it, a template, a rule."""

import datetime as dt

from accounts.models import Member
from audit.actions import action
from audit.actors import System as Product
from audit.record import record
from changes.calendar.actions import set_freeze
from changes.calendar.overriding import override_freeze
from changes.deployments.actions import link, report
from changes.deployments.findings import raise_findings
from changes.deployments.gate import ask
from changes.drafting.actions import create_change
from changes.drafting.kept_views import KEPT
from changes.models import (
    Approval,
    ApprovalFor,
    ApprovalRule,
    Change,
    ChangeComment,
    ChangeCommit,
    ChangeEvidence,
    ChangeMention,
    ChangeRecord,
    ChangeSettings,
    ChangeTemplate,
    ChangeVersion,
    ChangeWatcher,
    Delivery,
    Deployment,
    RuleApprover,
    RuleSystem,
    TemplateSystem,
)
from changes.sources.actions import create_source, set_secret
from changes.sources.applying import apply, way_of
from changes.sources.facts import Check, Commit, Push, Request, Review, Told, Who
from evidence.models import Evidence
from inventory.models import Person, System
from tenancy.scope import now
from tests.cast import Cast
from workflow.kept_views import keep_view

HASH = "0" * 64


def make_changes(manager: Member, word: str) -> None:
    """Fill change management; call within the organization's scope, after its systems and evidence exist."""
    console = System.objects.filter(name__startswith=word)[0]
    link = ("ticket", "https://tickets.example/1", word)
    change = create_change(actor=manager, title=word, description=word, systems=[console], links=[link])
    _talk(change, manager, word)
    _judge(change, console, Cast().of(manager.organization.slug, "approver"), manager, word)
    _choose(console, manager, word)
    keep_view(KEPT, actor=manager, name=word, query="view=mine")
    _deploy(change, manager, word)
    _freeze(console, manager, word)
    _tell(console, manager, word)


@action
def _talk(change: Change, manager: Member, word: str) -> None:
    said = ChangeComment.objects.create(change=change, text=word, said_by=manager, said_at=now())
    ChangeMention.objects.create(comment=said, member=manager)
    ChangeWatcher.objects.create(change=change, member=manager)
    ChangeCommit.objects.create(change=change, sha="0" * 40, author=word, message=word)
    item = Evidence.objects.filter(title=word)[0]
    proof = ChangeEvidence.objects.create(change=change, evidence=item, linked_by=manager)
    record("change_evidence.link", proof, actor=manager)
    ChangeRecord.objects.create(change=change, evidence=item, stage="implemented", sha256=HASH, taken_at=now())


@action
def _judge(change: Change, console: System, approver: Member, manager: Member, word: str) -> None:
    rule = ApprovalRule.objects.create(name=word)
    RuleSystem.objects.create(rule=rule, system=console)
    RuleApprover.objects.create(rule=rule, person=Person.objects.get(member=approver))
    content = {"title": word}
    version = ChangeVersion.objects.create(
        change=change, number=1, content=content, content_hash=HASH, made_by=manager, made_at=now()
    )
    approval = Approval.objects.create(
        change=change, version=version, content_hash=HASH, answer="approved", approver=approver, requester=manager, given_at=now()
    )
    ApprovalFor.objects.create(approval=approval, rule=rule, name=rule.name)
    record("approval_rule.create", rule, actor=manager)
    record("approval.give", approval, actor=approver)


@action
def _choose(console: System, manager: Member, word: str) -> None:
    template = ChangeTemplate.objects.create(
        title=word, description=word, rollback_plan=word, expires_on=manager.organization.today(), written_by=manager
    )
    TemplateSystem.objects.create(template=template, system=console)
    record("change_template.create", template, actor=manager)
    record("change_settings.edit", ChangeSettings.objects.create(), actor=manager)


def _freeze(console: System, manager: Member, word: str) -> None:
    """A change of somebody else's goes through a freeze."""
    begins, ends = now() + dt.timedelta(days=7), now() + dt.timedelta(days=9)
    freeze = set_freeze(actor=manager, name=word, starts_at=begins, ends_at=ends, reason=word, systems=[console])
    raiser = Cast().of(manager.organization.slug, "employee")
    change = create_change(actor=raiser, title=word, systems=[console], window_from=begins, window_until=ends)
    override_freeze(change, actor=manager, freeze=freeze, reason=word)


def _tell(console: System, manager: Member, word: str) -> None:
    """A source, and what it has told: a push, a check, a merged request that was reviewed."""
    source = create_source(actor=manager, name=word, repositories=[f"{word}/*"], systems=[console])
    set_secret(source, actor=manager)
    way = way_of(source, Product("test"))
    sha, who = "0" * 40, Who(word)
    commit = Commit(sha, who, word)
    push = Push("main", "main", sha, sha, is_forced=False, pusher=who, commits=(commit,))
    request = Request(
        f"{word}/{word}", 1, word, word, "https://github.com/x/y/pull/1", who, "open", False, sha, "x", False, "main", "main",
        now(), now(),
    )  # fmt: skip
    reviews = (Review(word, who, "approved", sha, now(), word),)
    told = Told(word, word, f"{word}/{word}", request, reviews, (Check(sha, word, "passed", now()),), push)
    applied = apply(told, way)
    Delivery.objects.create(
        source=source, key=word, digest=HASH, event=word, outcome=applied.outcome, detail=word, change=applied.change, size=1,
        received_at=now(),
    )  # fmt: skip


def _deploy(change: Change, manager: Member, word: str) -> None:
    """Deployments of it and of nothing, linked by hand, found, and asked for at the gate."""
    common = {"environment": "production", "deployed_by": word, "deployed_at": (now() - dt.timedelta(days=1)).isoformat()}
    report([{**common, "id": f"{word}-{end}", "commit": end * 40} for end in "0f"], source=word, actor=manager)
    link(Deployment.objects.get(change=None), actor=manager, change=change, reason=word)
    raise_findings(manager.organization, now() + dt.timedelta(days=1))
    ask(actor=manager, change=change, commit="f" * 40, environment=word, at=now())
