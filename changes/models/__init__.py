"""Changes, who approved them, and what was said."""

from changes.models.approval import (
    Approval,
    ApprovalFor,
    ApprovalRule,
    ChangeVersion,
    RuleApprover,
    RuleSystem,
)
from changes.models.change import Change
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
from changes.models.part import ChangeCommit, ChangeEvidence, ChangeLink, ChangeSystem
from changes.models.record import ChangeRecord
from changes.models.settings import ChangeSettings
from changes.models.source import (
    ChangeSource,
    Delivery,
    Provider,
    SourceCheck,
    SourcePush,
    SourceRequest,
    SourceReview,
    SourceSystem,
)
from changes.models.talk import ChangeComment, ChangeMention, ChangeWatcher
from changes.models.template import ChangeTemplate, Kind, TemplateSystem
from changes.models.word import ChangeWord

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
    "ChangeRecord",
    "ChangeSettings",
    "ChangeSource",
    "ChangeSystem",
    "ChangeTemplate",
    "ChangeVersion",
    "ChangeWatcher",
    "ChangeWord",
    "Classification",
    "Delivery",
    "Deployment",
    "DeploymentBatch",
    "DeploymentFinding",
    "DeploymentLink",
    "FreezeSystem",
    "FreezeWindow",
    "GateAnswer",
    "Kind",
    "Provider",
    "Reconciliation",
    "RuleApprover",
    "RuleSystem",
    "SourceCheck",
    "SourcePush",
    "SourceRequest",
    "SourceReview",
    "SourceSystem",
    "TemplateSystem",
]
