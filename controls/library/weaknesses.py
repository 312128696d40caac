"""Starter controls: vulnerabilities and incidents."""

from controls.library.starter import StarterControl

VULNERABILITIES = (
    StarterControl(
        key="VUL-001",
        title="Vulnerabilities are scanned for and fixed in time",
        objective="Known weaknesses are found before they are used.",
        operation="Dependencies, images, hosts and public endpoints are scanned at least weekly. Findings are due by severity: "
        "critical 7, high 30, medium 90, low 180 days. Leaving one open needs acceptance by name with an end.",
        owner_role="Security lead",
        cadence="weekly",
        evidence_expected="Raw scan results, scope against the inventory, open findings with age, and acceptances.",
        test="Compare the scope with the inventory. Sample findings; fixed in time and gone from a later scan, or accepted by "
        "somebody entitled.",
        criteria={
            "CC7.1": "New weaknesses are looked for continuously.",
            "CC3.2": "Weaknesses found feed the view of risk.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Check that all scans ran, assign new findings, escalate what is overdue, and attach the results.",
        checklist=("vulnerability-scans",),
        priority="high",
    ),
    StarterControl(
        key="VUL-002",
        title="An outside firm tests for weaknesses every year",
        objective="Skilled people who did not build the system try to break it.",
        operation="A qualified outside firm tests the application, its API and the infrastructure once a year and after major "
        "redesign. Findings are due like those of scans; the firm retests critical and high ones.",
        owner_role="Security lead",
        cadence="yearly",
        evidence_expected="Engagement letter with scope, the firm's report, a plan per finding, the retest.",
        test="Read the report: scope covers the system, firm is independent, within twelve months. Trace every critical and high "
        "finding to its fix and retest.",
        criteria={
            "CC4.1": "Controls are evaluated by an outside party.",
            "CC7.1": "Weaknesses that scanners miss are found.",
        },
        legs=("policy", "operation"),
        instructions="Engage the firm two months ahead, agree on scope, enter its findings, and order the retest.",
        checklist=("penetration-test",),
        priority="high",
    ),
    StarterControl(
        key="VUL-003",
        title="Systems are patched every month",
        objective="Fixes that vendors have published are in place before attackers use what they fix.",
        operation="Servers, images, databases and devices receive security updates monthly, critical ones within seven days. "
        "Updates pass through change control with a test. What cannot be updated is replaced, isolated or accepted.",
        owner_role="Platform lead",
        cadence="monthly",
        evidence_expected="Patch state of all systems, changes made, list of what is behind or out of support, with its plan.",
        test="Compare systems with the inventory. Sample systems; versions current. Sample critical updates of the period; "
        "installed within seven days by an approved change.",
        criteria={
            "CC7.1": "Known weaknesses are closed on schedule.",
            "CC8.1": "Updates are tested and approved like other changes.",
            "CC6.8": "Holes that malicious software uses are shut.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Export the patch state, update what is behind, record reasons for the rest, and attach export and changes.",
        priority="high",
    ),
    StarterControl(
        key="VUL-004",
        title="Configuration follows a baseline, and drift is reported",
        objective="Cloud accounts and servers stay as they were designed, and not as somebody left them.",
        operation="A hardening baseline, such as a CIS benchmark, is written as code. A scanner compares reality with it each "
        "day and alerts on drift. Differences that are wanted are approved by name with an end.",
        owner_role="Platform lead",
        cadence="continuous",
        evidence_expected="The baseline, scan result with score and failures, approved differences.",
        test="Compare scanned accounts with the inventory. Make a harmless change by hand in a test account; it is reported "
        "within a day. Sample failures; corrected or approved.",
        criteria={
            "CC7.1": "Drift from the secure configuration is detected.",
            "CC5.2": "Technology is set up to a standard and kept so.",
            "CC6.8": "Unapproved changes of software and settings are noticed.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Attach the latest scan, correct failures, and renew or end the approved differences.",
        priority="medium",
    ),
)

INCIDENTS = (
    StarterControl(
        key="INC-001",
        title="The incident plan is reviewed and exercised every year",
        objective="When something happens, people know their part because they have played it.",
        operation="The plan sets severities, roles, deadlines, evidence, communication and duties to notify. Once a year those "
        "named in it play a realistic case, note what failed, and improve the plan.",
        owner_role="Security lead",
        cadence="yearly",
        evidence_expected="The approved plan, the exercise with date, participants, scenario, timeline, lessons and their "
        "owners.",
        test="Read the plan for roles, severities and duties to notify. Inspect the exercise within twelve months; lessons were "
        "carried out. Ask two people named in it what they would do.",
        criteria={
            "CC7.4": "A plan with roles and deadlines exists and is practised.",
            "CC7.5": "Recovery and its communication are part of the exercise.",
            "CC7.3": "Severities tell what counts as an incident.",
        },
        legs=("policy", "operation"),
        instructions="Choose a scenario from the risk register, play it for two hours, write down lessons with owners, update.",
        checklist=("incident-procedures",),
        priority="high",
    ),
    StarterControl(
        key="INC-002",
        title="Incidents are contained, communicated and learned from",
        objective="Harm is small, those affected hear of it in time, and the same thing does not happen twice.",
        operation="Each incident has severity, a lead, a timeline, root cause, resolution and prevention. Critical ones are "
        "acknowledged in 15 minutes. Customers are told as contracted. Critical and high ones are reviewed in five "
        "business days.",
        owner_role="Security lead",
        cadence="per_event",
        population="incidents",
        evidence_expected="For each incident the record, timeline, communication, root cause, review and preventive work.",
        test="Sample incidents from the record, and alerts and support tickets for some that were not recorded. Acknowledged in "
        "time, customers told as promised, reviewed, prevention carried out.",
        criteria={
            "CC7.4": "Incidents are contained, removed and communicated by a set process.",
            "CC7.3": "Events are judged for severity and effect.",
            "CC7.5": "Service is restored, and the cause is prevented.",
            "CC2.3": "Customers hear of what concerns them.",
            "CC4.2": "Failures of controls become findings with an owner.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Complete the record, hold the review, enter the preventive tasks. None in the period? State that with "
        "dates.",
        priority="critical",
    ),
    StarterControl(
        key="INC-003",
        title="Somebody is on call at all hours",
        objective="An alarm at three in the morning wakes somebody who can act.",
        operation="A rota names a first and a second person for every hour, with access and instructions ready. An alarm not "
        "acknowledged in 15 minutes goes to the second. Each week it is handed over with a note and a test call.",
        owner_role="Platform lead",
        cadence="weekly",
        evidence_expected="The rota without gaps, hand-over notes, test call, times of acknowledgement.",
        test="Sample weeks; no hour without a person. Raise a test alarm out of hours and measure the answer. Those on the rota "
        "have the access they need.",
        criteria={
            "CC7.4": "Response starts at any hour, by people who are named.",
            "CC7.3": "Alarms are judged within minutes.",
            "CC7.2": "Alarms are received around the clock.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Hand over with a note of what is open, make the test call, fill gaps of the next four weeks.",
        priority="medium",
    ),
)
