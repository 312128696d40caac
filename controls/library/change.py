"""Starter controls: change and development."""

from controls.library.starter import StarterControl

CHANGE = (
    StarterControl(
        key="CHG-001",
        title="Production changes are documented and approved",
        objective="Nothing reaches production that somebody else has not seen and agreed to.",
        operation="Each change of code, configuration or infrastructure is described with purpose, risk, test and way back, and "
        "approved before it is made, by somebody who neither requested nor wrote it. An emergency is approved the next day.",
        owner_role="Engineering lead",
        cadence="per_event",
        population="changes",
        evidence_expected="For each change the request, test evidence, approval with name and time, and the time it was made.",
        test="Draw changes from deployments and cloud logs, not from tickets. Approved before, by another person; tested; "
        "emergencies approved afterwards in time. Try to change production without approval.",
        criteria={
            "CC8.1": "Changes are requested, tested, approved and made in that order.",
            "CC3.4": "The effect of a change on security is asked before it is made.",
            "CC5.1": "Who writes and who approves are different people.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Match the changes made with their approvals, explain each without one, open a finding for the rest.",
        checklist=("pull-requests", "production-approval"),
        priority="critical",
    ),
    StarterControl(
        key="CHG-002",
        title="Code is reviewed by somebody who did not write it",
        objective="Mistakes and malice in code meet a second pair of eyes.",
        operation="Protected branches take changes by pull request only, with a review by another person. A push after the "
        "review needs a new one. Administrators are bound as well; changing this protection raises an alert.",
        owner_role="Engineering lead",
        cadence="continuous",
        evidence_expected="Branch protection of every repository in scope, log of changes to it, merges without review.",
        test="Read the protection of each repository in scope. Try to merge one's own unreviewed change. List merges of the "
        "period without a reviewer other than the authors.",
        criteria={
            "CC8.1": "No change is merged that only its author has seen.",
            "CC6.8": "Code nobody has approved does not reach production.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Export protection of all repositories and merges without review, correct, and explain each such merge.",
        checklist=("code-review", "no-skipped-review"),
        priority="high",
    ),
    StarterControl(
        key="CHG-003",
        title="The pipeline tests and scans every change",
        objective="Errors and known weaknesses are stopped before release, by machine and every time.",
        operation="The pipeline runs automated tests, code and dependency scans and a search for secrets on each pull request. A "
        "failure blocks the merge; overriding needs the engineering lead and leaves a trace.",
        owner_role="Engineering lead",
        cadence="continuous",
        evidence_expected="Pipeline definition, list of required checks per repository, overrides of the period.",
        test="Open a pull request with a failing test, one with a vulnerable dependency; both are blocked. Sample releases; all "
        "checks ran and passed.",
        criteria={
            "CC8.1": "Changes are tested before they are approved.",
            "CC7.1": "Weaknesses are found before they are released.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Export the required checks, add missing ones, review overrides, and attach both lists.",
        checklist=("automated-tests", "pipeline-scan"),
        priority="high",
    ),
    StarterControl(
        key="CHG-004",
        title="Every deployment is traced to an approved change",
        objective="What runs in production is exactly what was approved.",
        operation="Only the pipeline can deploy, and it asks for approval first. Each deployment records commit, change, "
        "approver and time. Deployments that match no approved change alert the same day.",
        owner_role="Platform lead",
        cadence="per_event",
        population="deployments",
        evidence_expected="Deployments of the period from the platform, each with commit, change and approval; those unmatched.",
        test="Take all deployments from the platform and match them to changes by commit. Follow the unmatched. Try to deploy by "
        "hand as an engineer and see it refused.",
        criteria={
            "CC8.1": "Deployments are accounted for, one by one.",
            "CC7.1": "What was put into production unapproved is noticed.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Match the deployments, explain or reverse each unmatched one, and open a finding where approval was "
        "missing.",
        checklist=("no-unapproved-deployment", "production-approval"),
        priority="high",
    ),
    StarterControl(
        key="CHG-005",
        title="The way back is tested",
        objective="A bad release is undone in minutes, not hours.",
        operation="Each kind of release has a written way back, databases included. Twice a year a release is rolled back on "
        "purpose in an environment like production, and the time is measured.",
        owner_role="Platform lead",
        cadence="half_yearly",
        evidence_expected="Record of the test: release, steps, time taken, data checked, problems and their cure.",
        test="Inspect the record. Sample real rollbacks of the period; they went as written.",
        criteria={
            "CC8.1": "A change that fails can be undone.",
            "CC7.5": "Recovery from a bad change is practised.",
        },
        legs=("policy", "technical", "operation"),
        instructions="Roll back the last release in staging, measure, check data, correct the instructions, attach the record.",
        checklist=("rollback-tested",),
        priority="medium",
    ),
    StarterControl(
        key="CHG-006",
        title="Development is separate and holds no production data",
        objective="Experiments cannot harm customers, and customers' data stays where it is protected.",
        operation="Development, test and production have their own accounts, credentials and networks. Test data is made up or "
        "irreversibly masked. A scan each quarter looks for real data outside production.",
        owner_role="Engineering lead",
        cadence="quarterly",
        evidence_expected="List of environments with accounts, origin of test data, result of the scan.",
        test="Compare credentials and networks of the environments. Search test databases for customers' names and addresses. "
        "Developers hold no standing access to production data.",
        criteria={
            "CC8.1": "Changes are built and tested away from production.",
            "CC6.1": "Environments are walled off from each other.",
            "C1.1": "Confidential data is not copied to weaker places.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Scan the other environments, delete and record what is real, and attach the result.",
        checklist=("no-production-data-in-development",),
        priority="high",
    ),
    StarterControl(
        key="CHG-007",
        title="Outside developers work by the same rules",
        objective="Code written elsewhere is no less safe than code written here.",
        operation="Contracts bind outside developers to secure development, confidentiality and ownership of code. They work in "
        "the company's repositories, and an employee approves their changes. Compliance is reviewed twice a year.",
        owner_role="Engineering lead",
        cadence="half_yearly",
        evidence_expected="Contracts, list of outside developers with access, review of their merges and training.",
        test="Sample merges by outside developers; an employee approved. Sample developers; contract and training are there, and "
        "no code lives elsewhere.",
        criteria={
            "CC8.1": "Outside work passes through the same change control.",
            "CC9.2": "The supplier's duties are agreed and checked.",
            "CC1.4": "People hired elsewhere are trained as well.",
        },
        legs=("policy", "technical", "operation"),
        instructions="Compare developers with contracts, sample their merges, and attach the review.",
        priority="medium",
    ),
)
