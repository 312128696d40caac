"""Starter controls: who may do what."""

from controls.library.starter import StarterControl

GRANTING = (
    StarterControl(
        key="AC-001",
        title="User access is restricted by role",
        objective="People can do what their work needs and nothing else, and no one person can complete a risky act alone.",
        operation="Every system in scope grants access through roles or groups that are documented with their rights and "
        "approvers. Rights given directly are exceptions. Duties that must not meet in one person are listed and kept apart.",
        owner_role="IT lead",
        cadence="continuous",
        evidence_expected="Matrix of roles and rights per system, export of roles and members, list of incompatible duties.",
        test="Compare the matrix with each system's export. Look for direct grants and for people who hold incompatible duties. "
        "As a user of a low role, try an act of a higher one and see it refused.",
        criteria={
            "CC6.1": "Access passes through defined roles in every system in scope.",
            "CC6.3": "Roles carry least privilege and separate duties.",
            "CC5.1": "Incompatible duties are kept apart, or compensated.",
            "CC5.2": "The systems themselves enforce who may do what.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Export roles and members of each system, compare with the matrix, correct or approve each difference.",
        checklist=("rbac",),
        priority="critical",
    ),
    StarterControl(
        key="AC-002",
        title="Multi-factor authentication is enforced",
        objective="A stolen password alone opens nothing.",
        operation="The identity provider and each system outside it enforce a second factor for every person. Administrators use "
        "phishing-resistant factors where offered. Exceptions are approved by name, with an end.",
        owner_role="IT lead",
        cadence="continuous",
        evidence_expected="Screenshot or export of the enforcing setting, and the list of accounts with their factors.",
        test="Inspect the setting in each system. Sign in as a test user without a factor and see it refused. From the account "
        "list, find people without a factor; each is an approved exception.",
        criteria={
            "CC6.1": "Sign-in needs two proofs of identity.",
            "CC6.6": "Access from outside the boundary needs more than a password.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Capture the setting, export accounts with factors, chase each person without one the same day.",
        checklist=("mfa",),
        priority="critical",
    ),
    StarterControl(
        key="AC-003",
        title="New access needs approval before it is granted",
        objective="Nobody receives access because they asked: the owner of the system decided that their work needs it.",
        operation="Access is requested in a ticket naming system, role and reason. The person's manager or the system's owner "
        "approves, never the requester; another person grants exactly what was approved.",
        owner_role="IT lead",
        cadence="per_event",
        population="access_grants",
        evidence_expected="For each grant the request, the approval with name and time, and the time of granting.",
        test="A new user needs approval: sample grants from the systems' own logs, not from tickets; approved before granting, "
        "by somebody entitled, and no wider than approved.",
        criteria={
            "CC6.2": "Users are registered and authorised before they get credentials.",
            "CC6.3": "The role given is the role approved.",
        },
        legs=("policy", "technical", "operation"),
        instructions="Check request and approval, grant exactly that, and note the time in the ticket.",
        priority="high",
    ),
    StarterControl(
        key="AC-004",
        title="A leaver's access is removed",
        objective="Nobody who has left can still get in.",
        operation="The people team announces each departure with its last working day. All accounts known for the person are "
        "removed within one business day, privileged access the same day; keys and shared secrets they knew are changed.",
        owner_role="IT lead",
        cadence="per_event",
        population="leavers",
        evidence_expected="Last working day from the roster; per account the time of removal, and a later export without it.",
        test="A leaver's access is removed: sample leavers from the roster, contractors included; for each account compare the "
        "last day with the removal, and search the latest exports for what is left.",
        criteria={
            "CC6.2": "Credentials are withdrawn when the right to them ends.",
            "CC6.3": "Roles end together with the employment.",
            "CC6.1": "No account stays open without a person entitled to it.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Work through every account listed for the person, rotate what they knew, and verify in the next export.",
        priority="critical",
    ),
    StarterControl(
        key="AC-005",
        title="Access is reviewed every quarter",
        objective="Rights that are no longer needed are found and taken away, movers' old rights included.",
        operation="Each quarter the owner of every system in scope decides Keep, Remove or Change for each person and right, on "
        "a full list from the system. Nobody decides on their own access. Removals are verified in a later export.",
        owner_role="Security lead",
        cadence="quarterly",
        evidence_expected="Campaign with population and its count at the source, decisions with name, time and reason, removals "
        "verified, sign-off.",
        test="The population agrees with the source. Every row is decided by somebody entitled, in time. Sample removals and see "
        "them gone from a later export. Sample people who changed jobs; old rights were removed.",
        criteria={
            "CC6.2": "Users who should no longer have access are found.",
            "CC6.3": "Roles are checked against the duties of today.",
            "CC4.1": "The review shows whether granting and removing work.",
        },
        legs=("policy", "operation", "monitoring"),
        instructions="Start the campaign, remind the reviewers, work through removals, and sign off when each is verified.",
        checklist=("access-reviews", "no-skipped-review"),
        priority="critical",
    ),
    StarterControl(
        key="AC-006",
        title="Privileged, shared and service accounts are few, named and checked",
        objective="Powerful access is held by few, always answers to one person, and is not used for daily work.",
        operation="Administrators have named accounts apart from daily ones. Root and break-glass accounts are sealed. Shared "
        "sign-ins are forbidden; service accounts have an owner and a purpose. The list is checked every month.",
        owner_role="IT lead",
        cadence="monthly",
        evidence_expected="List of privileged and service accounts with owner, purpose, last use and key age; changes since the "
        "month before.",
        test="Take administrators from the systems themselves; each is named, needed and approved. Look for sign-ins by root or "
        "shared accounts, and for keys older than a year.",
        criteria={
            "CC6.1": "Each account answers to one person, and powerful ones are guarded.",
            "CC6.3": "Privilege is given sparingly.",
            "CC5.2": "The administration of technology itself is under control.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Export privileged and service accounts, explain each change since last month, remove or assign the rest.",
        checklist=("no-shared-credentials",),
        priority="high",
    ),
)

GUARDING = (
    StarterControl(
        key="AC-007",
        title="Secrets live in a manager and are rotated every quarter",
        objective="Keys and passwords of systems are in no code, chat or notebook, and a leaked one does not stay useful.",
        operation="Application secrets are kept in a secrets manager; access is by role and logged. Long-lived secrets are "
        "rotated each quarter and when somebody who knew them leaves. Repositories are scanned for secrets at every "
        "push.",
        owner_role="Platform lead",
        cadence="quarterly",
        evidence_expected="List of secrets with last rotation, the manager's access log, result of the repository scan.",
        test="Compare rotation dates with the quarter. Sample reads in the access log; each has a known reader. Push a made-up "
        "secret to a test branch and see it stopped.",
        criteria={
            "CC6.1": "Credentials of systems are protected, limited and renewed.",
            "CC6.3": "Only the roles that need a secret can read it.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Rotate what is due, review who read what, remove readers not needed, and attach list and log extract.",
        priority="high",
    ),
    StarterControl(
        key="AC-008",
        title="The product's own sign-in, sessions and endpoints are safe",
        objective="Customers' accounts cannot be taken over through the product itself.",
        operation="Passwords are hashed with Argon2 or bcrypt and checked against leaked ones. Sessions expire, are bound to "
        "secure cookies, and end on a role change. Every endpoint asks for authentication unless listed as public.",
        owner_role="Engineering lead",
        cadence="continuous",
        evidence_expected="Settings of hashing and sessions, the test that calls every endpoint anonymously, list of public "
        "ones.",
        test="Read the settings. Run the test over all routes; only those on the list answer. Try repeated wrong passwords and "
        "a session after sign-out.",
        criteria={
            "CC6.1": "The product identifies its users before they reach data.",
            "CC6.6": "Attempts from outside meet limits and checks.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Run the endpoint test, compare settings with the standard, attach both, and explain each new public route.",
        checklist=("password-hashing", "sessions", "api-authentication"),
        priority="high",
    ),
    StarterControl(
        key="AC-009",
        title="Staff open customers' data only for a recorded reason",
        objective="Customers can be told who looked at their data, when and why.",
        operation="Staff reach customers' data through a console that asks for a reason or ticket, limits the time, and logs "
        "each access. Every month somebody outside the support team reviews the log.",
        owner_role="Support lead",
        cadence="monthly",
        evidence_expected="Access log of the month with reasons, and the reviewer's note on what was questioned.",
        test="Sample accesses from the log and match them to tickets. Try to open a customer's data without a reason and see it "
        "refused. Look for direct database access that avoids the console.",
        criteria={
            "CC6.1": "Access to customers' data is guarded by a step of its own.",
            "CC6.3": "Access is limited to the task and the time it takes.",
            "CC7.2": "Unusual access is noticed in the monthly look.",
            "C1.1": "Confidential data is opened only when there is a need.",
            "P4.1": "Personal data is used for the stated purpose only.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Draw a sample from the log, match reasons with tickets, ask about the odd ones, and record the outcome.",
        priority="high",
    ),
    StarterControl(
        key="AC-010",
        title="Contractors' access ends by itself",
        objective="Access of people from outside ends with their contract, even if nobody remembers.",
        operation="Accounts of contractors and partners carry the end date of the contract and are disabled on it. An extension "
        "needs the sponsor. Each month accounts are compared with contracts.",
        owner_role="IT lead",
        cadence="monthly",
        evidence_expected="List of outside people with sponsor, contract end and account expiry; differences and their "
        "correction.",
        test="Sample contractors; expiry set and not later than the contract. Sample ended contracts; disabled by the day.",
        criteria={
            "CC6.2": "Access of outside people is withdrawn on a known day.",
            "CC6.3": "Outside people hold only what their contract needs.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Compare contracts with accounts, set missing end dates, disable what has ended, and attach the comparison.",
        priority="medium",
    ),
)
