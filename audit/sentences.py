"""Events as sentences: "signed off" for campaign.sign_off, and what a record is called."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from audit.deeds import FAILED, SPECIAL
from audit.models import AuditEvent

# What the screens call it, where the model has another name.
_KINDS = {
    "audit_request": "auditor's request",
    "audit_requests": "auditor's requests",
    "auditperiod": "audit period",
    "auditrequest": "auditor's request",
    "campaign": "review",
    "evidence_import": "import of evidence",
    "evidenceimport": "import of evidence",
    "evidencelink": "link",
    "descriptionapproval": "approval of a text",
    "description_approval": "approval of a text",
    "descriptiontext": "text of the system description",
    "description_text": "text of the system description",
    "factor": "second factor",
    "policyapproval": "approval of a policy",
    "policy_approval": "approval of a policy",
    "policyversion": "version of a policy",
    "policy_version": "version of a policy",
    "checklistwaiver": "item that does not apply",
    "checklist_waiver": "item that does not apply",
    "controlevidence": "evidence of a control",
    "alertrule": "alert rule",
    "controlevent": "control event",
    "controltest": "control test",
    "event_batch": "control events",
    "eventbatch": "request with control events",
    "findingevidence": "evidence of a finding",
    "finding_evidence": "evidence of a finding",
    "approvalrule": "approval rule",
    "approval_rule": "approval rule",
    "changeevidence": "evidence of a change",
    "change_evidence": "evidence of a change",
    "changesettings": "settings of changes",
    "change_settings": "settings of changes",
    "savedsearch": "view of a list",
    "savedview": "view of a list",
    "saved_search": "view of a list",
    "saved_view": "view of a list",
    "changesource": "source of changes",
    "change_source": "source of changes",
    "changetemplate": "template of changes",
    "change_template": "template of changes",
    "changefreezeoverride": "change let through a freeze",
    "freeze_override": "change let through a freeze",
    "freezewindow": "freeze",
    "maintenancewindow": "maintenance",
    "recoverytest": "recovery test",
    "capacityreview": "review of capacity",
    "loadtest": "load test",
    "customer_step": "data of a customer who left",
    "customerstep": "data of a customer who left",
    "dataclass": "data class",
    "dataset": "data set",
    "deletion": "certificate of deletion",
    "deletioncertificate": "certificate of deletion",
    "ended_customer": "customer who left",
    "endedcustomer": "customer who left",
    "legalhold": "legal hold",
    "notice_version": "version of a notice",
    "noticeversion": "version of a notice",
    "privacy": "data and privacy",
    "request_task": "task of a request",
    "requesttask": "task of a request",
    "retentionschedule": "retention schedule",
    "subject_request": "request of a person",
    "subjectrequest": "request of a person",
    "datakey": "data key",
    "installationkey": "data key",
    "keyrotation": "rotation of keys",
    "key_rotation": "rotation of keys",
    "sealed_value": "encrypted value",
    "gaprun": "gap analysis",
    "gap_run": "gap analysis",
    "incidentlink": "link of an incident",
    "incident_link": "link of an incident",
    "incidentreview": "review of an incident",
    "incident_review": "review of an incident",
    "incidentsettings": "settings of incidents",
    "incidenttask": "task of an incident",
    "incident_task": "task of an incident",
    "notificationclock": "notification clock",
    "notificationrule": "rule of notification",
    "notification_rule": "rule of notification",
    "incident_settings": "settings of incidents",
    "item": "review item",
    "request_proof": "record given to the auditor",
    "requestproof": "record given to the auditor",
    "population": "test population",
    "period": "audit period",
    "report_settings": "recipients of reports",
    "reportsettings": "recipients of reports",
    "monthlyreport": "report",
    "riskassessment": "assessment of risks",
    "risk_assessment": "assessment of risks",
    "riskscale": "risk scale",
    "risk_scale": "risk scale",
    "risktask": "task of a risk",
    "risk_task": "task of a risk",
    "roadmaptask": "roadmap task",
    "rosterimport": "roster",
    "securityevent": "security event",
    "security_event": "security event",
    "session": "sign-in",
    "snapshot": "population",
    "subserviceorganization": "subservice organization",
    "systemdescription": "system description",
    "vendorkey": "API key",
    "vendor_key": "API key",
    "vendorreview": "review of a vendor",
    "vendor_review": "review of a vendor",
    "vendordocument": "document of a vendor",
    "vendor_document": "document of a vendor",
    "documentduty": "control expected of us",
    "vendor_duty": "control expected of us",
    "vendorquestionnaire": "questionnaire of a vendor",
    "vendor_questionnaire": "questionnaire of a vendor",
    "questionnaireanswer": "answer of a vendor",
    "vendor_answer": "answer of a vendor",
    "systemflow": "flow between systems",
    "userentitycontrol": "user-entity control",
    "storedfile": "stored file",
}
_PAST = {
    "add": "added",
    "begin": "began",
    "become": "became",
    "change": "changed",
    "choose": "chose",
    "draw": "drew",
    "drop": "dropped",
    "find": "found",
    "forget": "forgot",
    "freeze": "froze",
    "get": "got",
    "give": "gave",
    "hold": "held",
    "keep": "kept",
    "leave": "left",
    "lose": "lost",
    "make": "made",
    "put": "put",
    "read": "read",
    "rebuild": "rebuilt",
    "reset": "reset",
    "say": "said",
    "send": "sent",
    "set": "set",
    "take": "took",
    "tell": "told",
    "withdraw": "withdrew",
    "submit": "submitted",
    "plan": "planned",
}


def deed(verb: str) -> str:
    """What was done, in the past tense: `campaign.sign_off` is "signed off"."""
    if verb in SPECIAL:
        return SPECIAL[verb]
    first, *rest = verb.rpartition(".")[2].split("_")
    return " ".join([_past(first), *rest])


def _past(word: str) -> str:
    if word in _PAST:
        return _PAST[word]
    if word.endswith("e"):
        return f"{word}d"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ied"
    return word if word.endswith("ed") else f"{word}ed"


def did(event: AuditEvent) -> str:
    """What was done, or was tried in vain."""
    return FAILED.get(event.verb, deed(event.verb)) if event.result == "failure" else deed(event.verb)


def area(verb: str) -> str:
    """What a verb is about, as a heading: "Review"."""
    return _kind(verb.partition(".")[0]).capitalize()


def record_name(event: AuditEvent) -> str:
    """What it happened to, with its kind: "Person Ada Adams"."""
    return f"{_kind(event.object_kind.rpartition('.')[2]).capitalize()} {about(event)}".strip()


def about(event: AuditEvent) -> str:
    """What the record it happened to is called, else the address that was asked for; who was erased by their pseudonym."""
    return event.pseudonyms[1] or event.object_name or _asked_for(event.data.get("metadata") or {})


def _asked_for(noted: Mapping[str, Any]) -> str:
    """An address; or how often more somebody asked in an hour, where one event tells it (accounts.knocking)."""
    if "more" not in noted:
        return str(noted.get("path", ""))
    return f"{noted['more']} more times in the hour from {dt.datetime.fromisoformat(noted['from']):%d %b %Y, %H:%M} UTC"


def _kind(name: str) -> str:
    return _KINDS.get(name, name.replace("_", " "))


def actor(event: AuditEvent) -> str:
    """Who did it. Without a name nobody was signed in."""
    return event.pseudonyms[0] or event.actor_name or "Somebody not signed in"
