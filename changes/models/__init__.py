"""Changes, who approved them, and what was said."""

from changes.models.approval import (
    Approval,
    ApprovalFor,
    ApprovalRule,
    ChangeVersion,
    RuleApprover,
    RuleSystem,
)
from changes.models.change import Change, ChangeCommit, ChangeEvidence, ChangeLink, ChangeSystem
from changes.models.deployment import (
    Classification,
    Deployment,
    DeploymentBatch,
    DeploymentFinding,
    DeploymentLink,
    GateAnswer,
    Reconciliation,
)
from changes.models.freeze import ChangeFreezeOverride, FreezeSystem, FreezeWindow
from changes.models.settings import ChangeSettings
from changes.models.talk import ChangeComment, ChangeMention, ChangeWatcher
from changes.models.template import ChangeTemplate, Kind, TemplateSystem

__all__ = [
    "Approval",
    "ApprovalFor",
    "ApprovalRule",
    "Change",
    "ChangeComment",
    "ChangeCommit",
    "ChangeEvidence",
    "ChangeFreezeOverride",
    "ChangeLink",
    "ChangeMention",
    "ChangeSettings",
    "ChangeSystem",
    "ChangeTemplate",
    "ChangeVersion",
    "ChangeWatcher",
    "Classification",
    "Deployment",
    "DeploymentBatch",
    "DeploymentFinding",
    "DeploymentLink",
    "FreezeSystem",
    "FreezeWindow",
    "GateAnswer",
    "Kind",
    "Reconciliation",
    "RuleApprover",
    "RuleSystem",
    "TemplateSystem",
]
