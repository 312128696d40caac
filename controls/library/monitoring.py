"""Starter controls: logs, alerts, availability, anomalies."""

from controls.library.starter import StarterControl

MONITORING = (
    StarterControl(
        key="MON-001",
        title="Availability is monitored",
        objective="The company knows before its customers do that the service is slow or down, and whether it keeps its promise.",
        operation="Health checks run from outside every minute against each service and its dependencies, and call the "
        "responsible person after repeated failure. Uptime is measured against a written target, such as 99.9 % a "
        "month.",
        owner_role="Platform lead",
        cadence="monthly",
        evidence_expected="Uptime of the month per service against target with the number of checks, outages and their "
        "incidents.",
        test="Compare checks with the services of the inventory. Sample outages; detected in minutes, incident opened. Recompute "
        "one month's uptime from the raw checks.",
        criteria={
            "A1.1": "Use and service level are measured against what was promised.",
            "CC7.2": "Failures of components are noticed and acted upon.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Attach the month's uptime per service, explain each miss of the target, and name gaps in measurement.",
        checklist=("uptime-target", "health-checks"),
        priority="high",
    ),
    StarterControl(
        key="MON-002",
        title="Logs are central and kept",
        objective="What happened can be found later, even if the machine it happened on is gone.",
        operation="Applications, hosts, cloud accounts, identity provider and databases send logs to one place with one clock, "
        "searchable for at least 90 days and archived for a year. A silent source raises an alert. No secrets are logged.",
        owner_role="Platform lead",
        cadence="continuous",
        evidence_expected="Sources against the inventory with the time of their last event, retention settings.",
        test="Compare sources with the inventory; each sent events today. Search for an event 90 days old. Stop a test source "
        "and see the alert.",
        criteria={
            "CC7.2": "Events of all components are collected where they can be watched.",
            "CC7.1": "Changes of configuration leave a trace.",
            "CC2.1": "Information about the system is kept and can be relied on.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Compare sources with the inventory, connect missing ones, check retention, and attach both lists.",
        checklist=("central-logging",),
        priority="high",
    ),
    StarterControl(
        key="MON-003",
        title="Administrators' actions are logged and cannot be erased",
        objective="Those with the most power leave traces that they cannot remove.",
        operation="Administrative and other sensitive actions are recorded with who, what, when, from where, and before and "
        "after. The trail goes to storage that administrators of the source cannot change; its integrity is verified "
        "monthly.",
        owner_role="Security lead",
        cadence="monthly",
        evidence_expected="Extract of the trail, rights on its storage, result of the integrity check, the reviewer's note.",
        test="Administrators' actions are logged: perform one in each system and find it in the trail. As an administrator, try "
        "to delete an entry and see it refused. Repeat the integrity check.",
        criteria={
            "CC7.2": "Acts of the powerful can be watched and reconstructed.",
            "CC6.1": "The trail is protected against those it records.",
            "CC6.3": "Use of privilege is open to review.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Verify the trail, read a sample of administrators' acts, ask about odd ones, and attach note and result.",
        checklist=("audit-trail", "no-log-deletion"),
        priority="high",
    ),
    StarterControl(
        key="MON-004",
        title="Alerts reach a person, who notes what they saw",
        objective="No alert is lost, and what was decided about each can be shown.",
        operation="Alerts go at once to a named person and a deputy. Each ends as harmless with a reason, as an event to watch, "
        "or as an incident with its number. Each week somebody goes through those left open and the noisy rules.",
        owner_role="Security lead",
        cadence="weekly",
        evidence_expected="Alerts of the week with times of arrival and first look, outcome and reason, and changes of rules.",
        test="Sample alerts from the tool itself; each was looked at in time, with a documented outcome. Choose some called "
        "harmless and judge again.",
        criteria={
            "CC7.3": "Events are evaluated for whether they are incidents.",
            "CC7.2": "Deviations raise an alert when they happen.",
            "CC7.4": "What is an incident goes straight to its handling.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="List the week's alerts, close each with a reason or an incident, tune what is noisy, and attach the list.",
        checklist=("alerting", "no-ignored-alert"),
        priority="high",
    ),
    StarterControl(
        key="MON-005",
        title="Anomalies are detected and events correlated",
        objective="Attacks that look harmless one event at a time are seen in their pattern.",
        operation="Rules and baselines flag unusual behaviour: impossible travel, mass download, new administrators, unusual "
        "hours. Events of identity, cloud and application are joined by person and address. Rules are reviewed and "
        "tried quarterly.",
        owner_role="Security lead",
        cadence="quarterly",
        evidence_expected="Rules with changes of the quarter, results of the trial, anomalies found and their evaluation.",
        test="Read the rules against the main risks. Stage one pattern, such as failed sign-ins and then a success from "
        "elsewhere, and follow it to one joined alert.",
        criteria={
            "CC7.2": "Behaviour is compared with what is normal.",
            "CC7.3": "Events are read together when they are judged.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Review the rules, stage the trial pattern, record what was flagged and when, and adjust.",
        priority="medium",
    ),
)
