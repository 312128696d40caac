"""Starter controls: privacy."""

from controls.library.starter import StarterControl

PRIVACY = (
    StarterControl(
        key="PRV-001",
        title="The privacy notice is true, current and shown in time",
        objective="People know what is collected about them, why, for how long, and who receives it, before it happens.",
        operation="The notice is versioned, written in plain words, and shown where data is collected. It is compared with the "
        "register of processing yearly and before a new use; people are told of changes.",
        owner_role="Privacy lead",
        cadence="yearly",
        evidence_expected="Versions with dates, screenshots of where they are shown, the comparison with the register.",
        test="Compare the notice with the data really collected. Open each place of collection; the current version is shown. "
        "Sample changes; people were told before.",
        criteria={"P1.1": "People receive a clear and current notice of privacy practices."},
        legs=("policy", "technical", "operation"),
        instructions="Compare notice and register, correct, publish the version, inform people, and attach screenshots.",
        priority="high",
    ),
    StarterControl(
        key="PRV-002",
        title="Consent is asked, recorded and respected",
        objective="Nobody's data is used or passed on against their choice.",
        operation="Where consent is the basis, it is asked apart from other terms, before collection, explicitly for sensitive "
        "data, and recorded with version and time. Withdrawing is as easy, and takes effect everywhere.",
        owner_role="Privacy lead",
        cadence="quarterly",
        evidence_expected="Sample of consents with version and time, withdrawals with their effect, screenshots of the choices.",
        test="Sample people; consent precedes use and covers it. Withdraw as a test user and follow it through mailings, "
        "analytics and partners.",
        criteria={
            "P2.1": "Choices and their consequences are explained, and consent is obtained.",
            "P3.2": "Explicit consent is obtained first where it is required.",
            "P6.1": "Data is disclosed to third parties only with consent.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Draw a sample of consents and withdrawals, follow each through the systems, and attach the result.",
        priority="high",
    ),
    StarterControl(
        key="PRV-003",
        title="Only necessary personal data is collected and used",
        objective="What is not collected cannot leak, and what is collected serves the stated purpose.",
        operation="A register lists each use of personal data with purpose, basis, fields, recipients and retention. New uses "
        "are assessed before they start. Twice a year fields and uses are compared with it.",
        owner_role="Privacy lead",
        cadence="half_yearly",
        evidence_expected="The register, assessments of new uses, comparison of forms and tables with the register.",
        test="Take forms and tables from the system; each personal field has a purpose in the register. Sample new features; "
        "assessed before release. Look for uses beyond the purpose.",
        criteria={
            "P3.1": "Collection is limited to what the purpose needs.",
            "P4.1": "Use is limited to the purposes given.",
        },
        legs=("policy", "operation"),
        instructions="Compare fields and uses with the register, stop or justify the rest, and attach the comparison.",
        priority="medium",
    ),
    StarterControl(
        key="PRV-004",
        title="People's requests are answered in time",
        objective="People can see and correct their data, keep it accurate, and have mistakes put right.",
        operation="Requests for access, correction or deletion are registered with a due date of 30 days or less, the person is "
        "identified, data is gathered from all systems, and corrections go to recipients too. Refusals give reasons.",
        owner_role="Privacy lead",
        cadence="monthly",
        evidence_expected="Register with dates and outcomes, proof of identity check, what was sent, who else was informed.",
        test="Sample requests; person identified, answered in time and in full, corrections carried to recipients. File one as a "
        "test person.",
        criteria={
            "P5.1": "Identified people can see their data.",
            "P5.2": "Corrections are made and passed on; refusals are explained.",
            "P6.7": "People can learn what is held and to whom it was disclosed.",
            "P7.1": "Data is kept accurate, complete and current.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Close what is due, explain any delay to the person, and attach the register. No request? State that.",
        priority="high",
    ),
    StarterControl(
        key="PRV-005",
        title="Disclosures are recorded, and breaches are notified",
        objective="The company can say who received whose data, rightly or not, and tells those affected in time.",
        operation="Disclosures are logged with recipient, data, basis and date. Suspected improper ones become incidents; "
        "regulators and people are told within legal deadlines. Third parties must report theirs. All is reconciled quarterly.",
        owner_role="Privacy lead",
        cadence="quarterly",
        evidence_expected="Log of disclosures, breaches with assessment and notices sent, reports from third parties.",
        test="Sample transfers from systems and find them in the log with a basis. Sample breaches; assessed, notified in time. "
        "Contracts oblige third parties to report.",
        criteria={
            "P6.2": "Permitted disclosures are on record.",
            "P6.3": "Improper disclosures and breaches are on record.",
            "P6.5": "Third parties report breaches, and their reports are acted on.",
            "P6.6": "Those affected and regulators are notified in time.",
            "P6.7": "People can be given an account of disclosures of their data.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Reconcile transfers with the log, check open breaches against deadlines, and attach both. None? State "
        "that.",
        priority="high",
    ),
    StarterControl(
        key="PRV-006",
        title="Privacy complaints are resolved and practice is checked",
        objective="People are heard, and departures from the promises are found and put right.",
        operation="Complaints reach the privacy lead through a published contact, are answered within 30 days and have a way of "
        "appeal. Each quarter complaints, requests and breaches are read together and causes are corrected.",
        owner_role="Privacy lead",
        cadence="quarterly",
        evidence_expected="Register of complaints with dates and outcomes, the quarterly note, corrective work.",
        test="Send a complaint through the contact. Sample complaints; answered in time, cause corrected.",
        criteria={"P8.1": "Complaints are received and resolved, and compliance is monitored."},
        legs=("policy", "operation", "monitoring"),
        instructions="Close what is due, write the note on causes, assign corrections, and attach. None? State that.",
        priority="medium",
    ),
)
