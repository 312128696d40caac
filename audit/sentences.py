"""Events as sentences: "signed off" for campaign.sign_off, and what a record is called."""

from audit.models import AuditEvent

# Where the verb's own words would mislead or read badly.
_SPECIAL = {
    "absence.change": "changed the absence or its deputy",
    "absence.end": "ended the absence early",
    "absence.set": "noted that somebody is away, and who stands in",
    "access.deny": "was refused",
    "account.match": "matched",
    "alert_rule.tell": "changed who is told",
    "alert.look": "looked at it and noted what was found",
    "audit_request.comment": "said",
    "audit_request.cover": "changed which controls it is about",
    "audit_request.lose": "noted that its evidence was withdrawn",
    "audit_request.raise": "asked for it",
    "audit_request.remind": "reminded whoever has it",
    "audit_request.reopen": "opened it again, as its evidence was withdrawn",
    "audit_request.restore": "asked for it again",
    "audit_request.return": "returned it",
    "audit_request.start": "started to work on it",
    "audit_request.supply": "gave something to it",
    "audit_request.take_back": "took it back",
    "audit_requests.import": "imported the auditor's list",
    "audit_requests.receive": "sent the auditor's list",
    "account.confirm_match": "confirmed whose account this is",
    "account.forget_match": "took back whose account this is",
    "assertion.sign": "signed management's assertion",
    "change.hold_again": "let the freeze hold it again",
    "change.let_through": "let it through a freeze",
    "checklist_waiver.create": "set it as not applicable",
    "checklist_waiver.withdraw": "said that it applies after all",
    "description_approval.create": "approved it",
    "description_text.approve": "approved the revision",
    "description_text.write": "wrote the revision",
    "diagram.add": "gave the diagram",
    "system_description.freeze": "froze the description",
    "system_description.sign": "signed management's assertion on it",
    "campaign.cancel": "cancelled",
    "campaign.populate": "listed what is to be decided",
    "campaign.scope": "changed what is reviewed",
    "control.answer": "changed which criteria it answers",
    "control.assign": "changed the owner",
    "control.change_configuration": "noted a change of the configuration",
    "control.lay_out": "laid out what is expected",
    "control.remind": "reminded the owner",
    "control_evidence.link": "linked the evidence",
    "control_evidence.remove": "removed the evidence",
    "control.begin_frequency": "began the planned frequency",
    "control.change_frequency": "changed the frequency",
    "control.cover": "changed which systems it covers",
    "control.need": "changed what it stands on",
    "control.restore": "put back into service",
    "deployment_batch.report": "reported",
    "deployment_link.make": "linked by hand",
    "deployment_link.remove": "removed the link",
    "deployments.receive": "sent the file",
    "deployments.reconcile": "accounted for deployments anew",
    "gate.answer": "asked the gate",
    "engagement.create": "noted the auditor",
    "engagement.edit": "changed the engagement record",
    "event_batch.log": "logged",
    "evidence.alter": "found the file altered",
    "evidence_import.begin": "sent the list",
    "evidence_import.return": "took the import back",
    "evidence.miss": "found the file missing",
    "evidence.recover": "found the file intact again",
    "evidence.reinstate": "made current again",
    "evidence.remind": "reminded the owner",
    "evidence.restore": "put back",
    "evidence.unlink": "removed the link",
    "evidence_link.remove": "removed the link",
    "factor.enrol": "set up a second factor",
    "factor.refuse": "gave a second factor that was refused",
    "factor.renew_codes": "drew new recovery codes",
    "freeze.cover": "changed which systems it is about",
    "freeze.create": "set the freeze",
    "freeze.restore": "put back into the calendar",
    "freeze_override.give": "let the change through",
    "gap_run.take": "analysed the gaps",
    "finding.accept": "accepted it by name as it is",
    "finding.close": "retested it and closed it",
    "finding.hand_on": "handed it on",
    "finding.lapse": "ended its acceptance",
    "finding.ready": "handed it in for retest",
    "finding.reopen": "opened it again",
    "finding.return": "retested it and gave it back",
    "finding.start": "started to put it right",
    "finding.supply": "added evidence",
    "file.alter": "found the file altered",
    "file.miss": "found the file missing",
    "file.recover": "found the file intact again",
    "finding.raise": "raised",
    "occurrence.did_not_occur": "stated that nothing occurred",
    "occurrence.expect": "expects it again",
    "occurrence.move": "changed when it is due",
    "occurrence.not_applicable": "set as not applicable",
    "occurrence.refute": "withdrew the statement that nothing occurred",
    "occurrence.reopen": "opened it again",
    "occurrence.withdraw": "does not expect it any more",
    "item.not_decided": "recorded as not decided",
    "item.take_back": "took the decision back",
    "list.export": "exported a list",
    "member.accept": "accepted the invitation",
    "member.revoke_invitation": "took the invitation back",
    "password.change": "changed the password",
    "population.begin": "asked to freeze",
    "population.fail": "could not be frozen",
    "period.exclude": "judged criteria not relevant",
    "period.include": "took criteria back into scope",
    "period.reopen": "opened again",
    "person.plan_leaving": "planned the last working day",
    "person.pause": "marked as on leave",
    "person.return": "marked as back from leave",
    "person.leave": "marked as left",
    "person.rehire": "marked as rehired",
    "person.link_member": "changed the link to a member",
    "request.refuse": "asked for what was refused",
    "roster.preview": "previewed the changes",
    "roster.start": "began to apply the roster",
    "roster.return": "took the roster back",
    "report.ask": "asked for the report",
    "report.download": "downloaded",
    "report.fail": "could not make it in time",
    "report.finish": "printed and kept it",
    "report.retry": "had it tried again",
    "report.take": "took the figures",
    "report_settings.change": "chose who is told",
    "removal.request": "asked for the removal",
    "removal.check": "checked against an export",
    "removal.claim": "claimed it done",
    "removal.unclaim": "took the claim back",
    "removal.accept": "accepted by name that access stays",
    "roadmap.begin": "began the roadmap",
    "roadmap.make": "made tasks from a gap analysis",
    "roadmap_task.done": "marked it as done",
    "session.lock_out": "was locked out",
    "snapshot.confirm": "accepted how it differs",
    "snapshot.finish": "finished the import",
    "snapshot.import": "started the import",
    "snapshot.preview": "previewed the import",
    "snapshot.read": "had the files read",
    "snapshot.return": "took the import back",
    "system.restore": "put back into use",
}
_FAILED = {
    "member.accept": "failed to accept the invitation",
    "password.change": "failed to change the password",
    "session.sign_in": "failed to sign in",
}
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
    "changefreezeoverride": "change let through a freeze",
    "freeze_override": "change let through a freeze",
    "freezewindow": "freeze",
    "gaprun": "gap analysis",
    "gap_run": "gap analysis",
    "item": "review item",
    "request_proof": "record given to the auditor",
    "requestproof": "record given to the auditor",
    "population": "test population",
    "period": "audit period",
    "report_settings": "recipients of reports",
    "reportsettings": "recipients of reports",
    "monthlyreport": "report",
    "roadmaptask": "roadmap task",
    "rosterimport": "roster",
    "session": "sign-in",
    "snapshot": "population",
    "subserviceorganization": "subservice organization",
    "systemdescription": "system description",
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
    if verb in _SPECIAL:
        return _SPECIAL[verb]
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
    return _FAILED.get(event.verb, deed(event.verb)) if event.result == "failure" else deed(event.verb)


def area(verb: str) -> str:
    """What a verb is about, as a heading: "Review"."""
    return _kind(verb.partition(".")[0]).capitalize()


def record_name(event: AuditEvent) -> str:
    """What it happened to, with its kind: "Person Ada Adams"."""
    return f"{_kind(event.object_kind.rpartition('.')[2]).capitalize()} {event.object_name}".strip()


def _kind(name: str) -> str:
    return _KINDS.get(name, name.replace("_", " "))


def actor(event: AuditEvent) -> str:
    """Who did it. Without a name nobody was signed in."""
    return event.actor_name or "Somebody not signed in"
