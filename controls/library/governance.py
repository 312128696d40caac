"""Starter controls: governance, people, risk, and the checking of controls."""

from controls.library.starter import StarterControl

GOVERNANCE = (
    StarterControl(
        key="GOV-001",
        title="The code of conduct and the policies are acknowledged",
        objective="Everyone knows what is expected of them and has said so by name.",
        operation="People acknowledge the code of conduct and the policies that concern them within 14 days of joining, once a "
        "year, and when a policy changes in substance. A breach is handled by the manager and the people team, and recorded.",
        owner_role="People lead",
        cadence="yearly",
        evidence_expected="The list of acknowledgements by person, policy version and date, compared with the roster of that "
        "day.",
        test="Sample people from the roster, joiners among them; see an acknowledgement of the version then in force, within its "
        "deadline. Ask for breaches in the period and see how one was handled.",
        criteria={
            "CC1.1": "Sets the standard of conduct and shows that each person accepted it.",
            "CC1.5": "A breach has a consequence and is on record.",
            "CC2.2": "People are told what they must do for security.",
            "CC5.3": "Policies reach the people who have to follow them.",
        },
        legs=("policy", "operation", "monitoring"),
        instructions="Send the yearly acknowledgement, remind after 7 and 14 days, and attach the list next to the roster. Name "
        "each person who is missing and what happens next.",
        priority="medium",
    ),
    StarterControl(
        key="GOV-002",
        title="A board or adviser independent of management oversees security",
        objective="Somebody who does not run the programme asks whether it works.",
        operation="Twice a year the board, or an adviser from outside management where there is none, receives the state of "
        "controls, incidents, open risks and audit results, asks questions, and records decisions.",
        owner_role="Chief executive",
        cadence="half_yearly",
        evidence_expected="Agenda, the material handed over, minutes with attendees, questions and decisions.",
        test="Read the minutes of each meeting in the period: security was on the agenda, the material was current, an "
        "independent member took part, decisions were followed up.",
        criteria={
            "CC1.2": "Members independent of management question it and decide.",
            "CC2.2": "The state of controls reaches those who oversee them.",
        },
        legs=("policy", "operation"),
        instructions="Put security on the agenda, send the latest report a week before, and attach signed minutes.",
        priority="medium",
    ),
    StarterControl(
        key="GOV-003",
        title="Roles are described and people are evaluated against them",
        objective="Responsibility for security is assigned, and those who carry it are able to and answer for it.",
        operation="An organization chart shows reporting lines and who is responsible for security and privacy. Roles with such "
        "duties have a description. Every person has a yearly evaluation that covers these duties.",
        owner_role="People lead",
        cadence="yearly",
        evidence_expected="Organization chart with its date, role descriptions, the list of evaluations held (not their "
        "content).",
        test="Compare the chart with the roster. Sample people with security duties; see a current description and an evaluation "
        "within the last twelve months.",
        criteria={
            "CC1.3": "The chart and descriptions show structure, authority and reporting lines.",
            "CC1.4": "Evaluation shows who lacks a skill and what is done about it.",
            "CC1.5": "People answer for their security duties once a year.",
        },
        legs=("policy", "operation"),
        instructions="Update the chart and descriptions, confirm that each evaluation was held, and attach the list with dates.",
        priority="low",
    ),
    StarterControl(
        key="GOV-004",
        title="Policies are reviewed and approved every year",
        objective="Written rules exist for every area of the programme, are current, and have been approved.",
        operation="Each policy has an owner, a version and an approver from management. It is reviewed at least yearly, "
        "published where everyone can read it, and exceptions are approved by name with an end date.",
        owner_role="Security lead",
        cadence="yearly",
        evidence_expected="The policy register with version, approver, approval and review dates; the approvals; the exceptions.",
        test="Inspect every policy for approval within twelve months. Sample exceptions; each has an approver, a reason, and an "
        "end that has not passed.",
        criteria={
            "CC5.3": "Policies say what is expected, and procedures put it into action.",
            "CC2.2": "The version in force is where people find it.",
            "CC1.1": "Management sets its expectations in writing.",
        },
        legs=("policy", "operation", "monitoring"),
        instructions="Read each policy against what is really done, change one of the two, obtain approval, publish, and end or "
        "renew each exception.",
        priority="high",
    ),
    StarterControl(
        key="GOV-005",
        title="Concerns and weaknesses can be reported safely",
        objective="Anybody, inside or outside, can report misconduct, a weakness or an incident without fear.",
        operation="A channel for staff, with an anonymous way, and a published address for customers and researchers are "
        "watched every working day. Each report gets an answer, and each quarter the channels are tried.",
        owner_role="Security lead",
        cadence="quarterly",
        evidence_expected="Where the channels are published, the test message with its answer, and the register of reports.",
        test="Send a message through each channel and see when it is answered. Sample reports: assessed, answered, closed.",
        criteria={
            "CC2.2": "Staff know where to report, and can do so confidentially.",
            "CC2.3": "Customers and others have a way to report.",
            "CC1.1": "Departures from the code of conduct come to light.",
            "CC1.5": "Reports lead to consequences that are on record.",
        },
        legs=("policy", "technical", "operation"),
        instructions="Send a test through each channel, note when it was answered, and attach the register. No reports? State "
        "that.",
        priority="low",
    ),
    StarterControl(
        key="GOV-006",
        title="Customers are told what is promised and what is theirs to do",
        objective="What the service promises, how it is bounded, and what the customer must do is written down and current.",
        operation="The service description, security commitments, customers' own responsibilities and contact points are "
        "published or contracted, reviewed yearly, and changed in good time before the service changes.",
        owner_role="Chief executive",
        cadence="yearly",
        evidence_expected="Service description, standard contract or terms with their version, and notices sent to customers.",
        test="Compare what is published with the system as it is. Sample customers: a signed agreement with the commitments. "
        "Sample major changes: customers were told before.",
        criteria={
            "CC2.3": "Customers know commitments, responsibilities and contact points.",
            "CC3.1": "Commitments set the objectives that risks are measured against.",
        },
        legs=("policy", "operation"),
        instructions="Read the description and terms against the current service, correct them, and attach both versions.",
        priority="medium",
    ),
)

PEOPLE = (
    StarterControl(
        key="HR-001",
        title="Background checks are done before access is given",
        objective="Nobody reaches customers' data before they have been checked as the law of their country allows.",
        operation="Before the first day, the people team has identity, right to work, references and, where lawful, a criminal "
        "record checked. Access to customers' data waits for the result; a doubtful one is decided by name.",
        owner_role="People lead",
        cadence="per_event",
        population="joiners",
        evidence_expected="For each joiner the date and outcome of the check (not its content), and the date of first access.",
        test="Sample joiners, contractors included; the check was complete before the first access to customers' data.",
        criteria={
            "CC1.4": "People are suited to the trust placed in them before they start.",
            "CC1.1": "Expectations of integrity apply from the first day.",
        },
        legs=("policy", "operation"),
        instructions="Order the check when the offer is signed, record its date and outcome, and then release access.",
        checklist=("no-access-before-check",),
        priority="high",
    ),
    StarterControl(
        key="HR-002",
        title="Joiners sign and are trained",
        objective="Every joiner has agreed to confidentiality and knows the rules before habits form.",
        operation="Each joiner signs the employment and confidentiality agreement before starting and completes security "
        "training within 30 days. A checklist per joiner is closed by the manager.",
        owner_role="People lead",
        cadence="per_event",
        population="joiners",
        evidence_expected="Signed agreement, training record with date, and the closed checklist of each joiner.",
        test="Sample joiners from the roster; agreement signed by the first day, training within 30 days.",
        criteria={
            "CC1.4": "New people are trained for their duties.",
            "CC2.2": "Duties are explained when they begin.",
            "C1.1": "The duty to keep data confidential is signed before any is seen.",
        },
        legs=("policy", "operation", "monitoring"),
        instructions="Open the checklist, obtain the signature, enrol in the training, and chase after two weeks.",
        priority="medium",
    ),
    StarterControl(
        key="HR-003",
        title="Everyone is trained in security every year",
        objective="People recognise attacks, handle data rightly, and know how to report.",
        operation="Everyone completes the training once a year: phishing, passwords and MFA, data handling, use of AI, "
        "reporting. Engineers also cover secure development. A phishing exercise shows whether it worked.",
        owner_role="People lead",
        cadence="yearly",
        evidence_expected="Completion list with dates against the roster, course content, result of the phishing exercise.",
        test="Compare completions with the roster. Sample people, engineers among them; completed within twelve months.",
        criteria={
            "CC1.4": "Skills are kept up every year.",
            "CC2.2": "Security duties are explained and repeated.",
        },
        legs=("policy", "operation", "monitoring"),
        instructions="Update the course, enrol everybody, remind after two and four weeks, and attach completions and roster.",
        priority="medium",
    ),
)
