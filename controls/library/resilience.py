"""Starter controls: vendors, continuity, availability."""

from controls.library.starter import StarterControl

VENDORS = (
    StarterControl(
        key="VEN-001",
        title="Vendors are checked before they are used",
        objective="No vendor receives data before somebody has looked at how it protects it.",
        operation="Each new vendor gets a tier by the data and access it would have. Before use, its SOC 2 or ISO report or its "
        "answers are read, the risk is rated, a contract with security and breach terms is signed, and an owner is named.",
        owner_role="Security lead",
        cadence="per_event",
        population="vendors",
        evidence_expected="For each new vendor: tier, documents read, risk, signed contract and data agreement, approval, first "
        "use.",
        test="Sample vendors from payments and sign-in logs, not from the register; each was approved before first use, with a "
        "contract that covers security and breaches.",
        criteria={
            "CC9.2": "Vendors' risks are assessed before they are taken on.",
            "CC2.3": "What is expected of vendors is agreed in writing.",
            "C1.1": "Vendors are bound to confidentiality before they see data.",
            "P6.4": "Vendors commit to the privacy duties the company has.",
            "P6.5": "Vendors commit to report breaches.",
        },
        legs=("policy", "operation", "monitoring"),
        instructions="Rate the vendor, read its report with its exceptions, sign the contract, record the approval, then use it.",
        priority="high",
    ),
    StarterControl(
        key="VEN-002",
        title="Vendors, hosting providers first, are reviewed every year",
        objective="Promises of vendors still hold, and what they expect from the company is done.",
        operation="Each year the owner reads the current report of every important vendor: period, opinion, exceptions, physical "
        "security of data centres, subservice organizations. Controls that it expects of its customers are mapped to own ones.",
        owner_role="Security lead",
        cadence="yearly",
        evidence_expected="Per vendor the report with its period, the review note, gaps and follow-up, the mapping.",
        test="Sample important vendors; report covers the period or a bridge letter is named as such, exceptions were judged, "
        "expected controls are mapped to controls in operation.",
        criteria={
            "CC9.2": "Vendors are watched for as long as they are used.",
            "CC6.4": "Physical security at providers is confirmed from their reports.",
            "CC3.2": "Changes at vendors feed the view of risk.",
            "A1.2": "Power, climate and fire protection at providers are confirmed.",
            "P6.4": "Third parties' privacy practice is checked again.",
        },
        legs=("policy", "operation", "monitoring"),
        instructions="Obtain the latest reports, read exceptions and customers' duties, update risk and mapping, attach the "
        "notes.",
        priority="high",
    ),
)

CONTINUITY = (
    StarterControl(
        key="BCP-001",
        title="The continuity plan is reviewed every year",
        objective="The company keeps its essential services through loss of people, places, systems or vendors.",
        operation="The plan rests on an impact analysis: essential services, recovery time and data-loss targets, substitutes "
        "for people, places and vendors, who decides and who informs. It is reviewed and walked through yearly; "
        "insurance fits it.",
        owner_role="Chief executive",
        cadence="yearly",
        evidence_expected="Approved plan with impact analysis, note of the walk-through, lessons with owners, insurance policy.",
        test="Read the plan against the services and vendors of today. Inspect the walk-through within twelve months. Call two "
        "numbers of the contact list.",
        criteria={
            "CC9.1": "Disruption is prepared for, and its cost is shared or softened.",
            "CC7.5": "Recovery of the business is planned.",
            "A1.2": "Means of recovery fit the targets.",
        },
        legs=("policy", "operation"),
        instructions="Update the analysis and contacts, walk through one scenario, enter the lessons, and obtain approval.",
        priority="medium",
    ),
    StarterControl(
        key="BCP-002",
        title="Backups run every day and their result is checked",
        objective="No more data can be lost than the company has said it can bear.",
        operation="Databases and files that matter are backed up daily, databases to any point in time. Copies are encrypted, "
        "kept in a second location, and safe from whoever controls the original. A failed or missing backup alerts at "
        "once.",
        owner_role="Platform lead",
        cadence="daily",
        evidence_expected="Daily result per data store with time, size and place, and what was done about failures.",
        test="Compare backed-up stores with the inventory. Sample days; each backup succeeded, or was repaired within a day. As "
        "an administrator of production, try to delete a backup.",
        criteria={
            "A1.2": "Data is copied as often as the recovery target needs.",
            "CC7.5": "There is something to recover from.",
            "CC9.1": "Loss of data is limited.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Check that every source reported today. A silent source is a failure: repair it and record what was "
        "missing.",
        checklist=("daily-backups",),
        priority="critical",
    ),
    StarterControl(
        key="BCP-003",
        title="Restoring is tested every quarter",
        objective="Backups are worth something only if they can be restored in time.",
        operation="Each quarter a chosen store is restored to a clean place and checked; time and data loss are compared with "
        "the targets. Once a year the whole service is recovered or failed over to the second location.",
        owner_role="Platform lead",
        cadence="quarterly",
        evidence_expected="Record: store, backup used, steps, start and end, checks on the data, result against both targets.",
        test="Inspect the records. Recompute duration and data loss from their times. A missed target became a finding. Every "
        "important store was tested within the year.",
        criteria={
            "A1.3": "Recovery is tried against its targets.",
            "A1.2": "Recovery works as designed.",
            "CC7.5": "The way back from loss is known to work.",
        },
        legs=("policy", "technical", "operation"),
        instructions="Restore the store whose turn it is, measure, check the data, and open a finding if a target was missed.",
        checklist=("recovery-tested",),
        priority="high",
    ),
)

AVAILABILITY = (
    StarterControl(
        key="AVL-001",
        title="Capacity is planned and scales by itself",
        objective="Growth and peaks do not bring the service down.",
        operation="Services scale between set limits, over more than one zone. Load on processors, memory, storage, connections "
        "and quotas is forecast each quarter. A load test precedes major releases.",
        owner_role="Platform lead",
        cadence="quarterly",
        evidence_expected="Review with use, peaks, forecast and decisions; scaling settings; load tests.",
        test="Read the review against the measurements. Inspect limits and zones. Sample peaks; the service scaled in time. "
        "Sample major releases; a load test came first.",
        criteria={
            "A1.1": "Use of capacity is measured, forecast and provided for.",
            "A1.2": "More than one zone carries the service.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Collect peaks, forecast two quarters, compare with limits and quotas, decide, and attach the review.",
        checklist=("auto-scaling",),
        priority="medium",
    ),
)
