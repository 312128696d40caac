"""Starter controls: risk assessment, internal testing, and the follow-up of findings."""

from controls.library.starter import StarterControl

RISK = (
    StarterControl(
        key="RSK-001",
        title="Risks are assessed every year, fraud and vendors included",
        objective="Management knows what could stop it from keeping its promises, and has chosen what to do about each risk.",
        operation="Once a year management writes down its security objectives, then identifies risks to them, with at least one "
        "of fraud and one of vendors. Each gets likelihood, impact, an owner, a response, and the controls that "
        "answer it.",
        owner_role="Security lead",
        cadence="yearly",
        evidence_expected="The dated assessment: objectives, method, participants, risks with scores before and after controls, "
        "responses, and management's approval.",
        test="Inspect the assessment: objectives stated, fraud and vendor risks included, scores reasoned, every high risk with "
        "a response and an owner, approved within twelve months.",
        criteria={
            "CC3.1": "Objectives are stated clearly enough to measure risk against.",
            "CC3.2": "Risks across the organization are identified and weighed.",
            "CC3.3": "Ways to commit fraud, and who could, are considered.",
            "CC5.1": "Each risk is met by controls chosen for it.",
            "CC5.2": "Where technology carries a risk, the technical controls over it are named.",
            "CC9.1": "Disruption is among the risks, with how it is softened.",
        },
        legs=("policy", "operation"),
        instructions="Invite the leads, go through last year's risks and what has changed, score, decide, and obtain approval.",
        priority="high",
    ),
    StarterControl(
        key="RSK-002",
        title="The risk register is followed up every quarter",
        objective="Risks move with the business, and promised treatments happen.",
        operation="Each quarter the owners report on treatments. Management asks what has changed or soon will, such as "
        "products, systems, staff, vendors, law or acquisitions, and reassesses what that touches. Acceptances have a "
        "name and an end.",
        owner_role="Security lead",
        cadence="quarterly",
        evidence_expected="The register with its history and the note of the meeting: changes considered, decisions, overdue "
        "items.",
        test="Sample quarters; changes were considered. Choose a major change of the period; its risks were reassessed before "
        "or soon after. Overdue treatments were escalated.",
        criteria={
            "CC3.2": "New risks enter between the yearly assessments.",
            "CC3.4": "Major changes are looked for and their effect on controls assessed.",
            "CC5.1": "Treatments are carried out and adjusted.",
            "CC9.1": "Measures against disruption are kept up.",
        },
        legs=("policy", "operation", "monitoring"),
        instructions="Collect the state of each treatment, ask about changes, update the register, and attach the note.",
        priority="medium",
    ),
)

ASSURANCE = (
    StarterControl(
        key="ASR-001",
        title="Controls are tested by somebody who does not run them",
        objective="Weak controls are found inside before an auditor finds them, on lists that can be trusted.",
        operation="Each quarter a tester who neither owns nor performs the control tests a planned part of them, so that each is "
        "tested yearly and critical ones twice. Every list used is checked against its source's own count.",
        owner_role="Security lead",
        cadence="quarterly",
        evidence_expected="Test plan; per test the procedure, population with source, query and count, sample, result, tester.",
        test="Sample tests; repeat one from its evidence. Tester differs from owner and performer. Populations state who "
        "extracted them, when, with which filters, and the count at the source.",
        criteria={
            "CC4.1": "Controls are evaluated on a plan, by people independent of them.",
            "CC2.1": "Lists that controls rest on are checked at the source.",
        },
        legs=("policy", "operation", "monitoring"),
        instructions="Take the controls planned for the quarter, freeze each population, draw, test, and record result and "
        "reason.",
        priority="high",
    ),
    StarterControl(
        key="ASR-002",
        title="Findings are followed until they are closed",
        objective="Every weakness has an owner and a date, and is closed only when somebody else has seen it work.",
        operation="Findings from tests, audits, scans, incidents and reports go into one register. Each month those past due are "
        "escalated to management. Closing needs a retest; accepting one needs a name, a reason and an end.",
        owner_role="Security lead",
        cadence="monthly",
        evidence_expected="The register with owners, dates and history; the monthly note; evidence of retests.",
        test="Sample closed findings; retested by another person, with evidence. Sample overdue ones; management knew.",
        criteria={
            "CC4.2": "Deficiencies reach those who must act and management, and are followed up.",
            "CC2.1": "The register gives management reliable figures on what is open.",
        },
        legs=("policy", "operation", "monitoring"),
        instructions="Go through what is open, ask the owner of each overdue finding for a new plan, escalate, attach the "
        "register.",
        priority="high",
    ),
)
