"""Starter controls: network and encryption."""

from controls.library.starter import StarterControl

NETWORK = (
    StarterControl(
        key="NET-001",
        title="Firewalls and segmentation let through only what is needed",
        objective="An attacker finds few doors, and behind one of them little else.",
        operation="Inbound traffic is denied unless a rule with owner and purpose allows it. Production, development and office "
        "are separate; databases have no public address. Rules live in code and are reviewed twice a year.",
        owner_role="Platform lead",
        cadence="half_yearly",
        evidence_expected="Export of firewall rules and security groups, network diagram, the review with what was removed.",
        test="Look for rules open to any address, and for databases with a public one. Sample rules; owner and purpose are "
        "known. From development, try to reach a production database.",
        criteria={
            "CC6.6": "The boundary lets through only what is approved.",
            "CC6.1": "Segments keep a break-in at one place from reaching the rest.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Export the rules, ask each owner, remove what is not needed, and attach the export before and after.",
        priority="high",
    ),
    StarterControl(
        key="NET-002",
        title="Intrusions are detected",
        objective="Somebody who is inside, or trying to get in, is noticed within minutes.",
        operation="Intrusion detection watches network traffic, cloud activity and hosts in production, and sends findings to "
        "the on-call person. Coverage includes every account and region, and is tried by a test attack each quarter.",
        owner_role="Security lead",
        cadence="quarterly",
        evidence_expected="Coverage against the inventory, findings of the quarter with their evaluation, record of the test "
        "attack.",
        test="Compare coverage with the inventory. Repeat a harmless attack, such as a port scan from inside, and follow it to "
        "the alert and the person.",
        criteria={
            "CC6.6": "Attempts at the boundary are seen.",
            "CC7.2": "Signs of attack inside the system are watched for.",
            "CC6.8": "Unwanted software that talks to the outside is noticed.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Check coverage, run the test attack, measure the minutes until somebody looked, and attach the record.",
        priority="high",
    ),
    StarterControl(
        key="NET-003",
        title="Data in transit is encrypted with TLS 1.2 or newer",
        objective="Nobody on the way can read or change data.",
        operation="Every public endpoint and every internal connection that carries customers' data uses TLS 1.2 or newer; older "
        "versions and weak ciphers are off. Certificates renew by themselves, with an alarm 30 days before expiry.",
        owner_role="Platform lead",
        cadence="continuous",
        evidence_expected="Result of a TLS scan of every endpoint with protocol, certificate, issuer and dates.",
        test="Scan every endpoint of the inventory. Try to connect with TLS 1.1 and see it refused. Inspect the settings of "
        "connections between services and to databases.",
        criteria={
            "CC6.7": "Data is protected wherever it moves.",
            "CC6.1": "Credentials and sessions cannot be read on the way.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Run the scan over all endpoints, correct what is below 1.2 or expires soon, and attach the result.",
        checklist=("tls",),
        priority="critical",
    ),
    StarterControl(
        key="NET-004",
        title="The web application answers safely",
        objective="Browsers are told to protect users, and errors tell attackers nothing.",
        operation="Every answer carries security headers: HSTS, content security policy, framing and content-type rules. Errors "
        "show a plain sentence and a reference; details go to the log. Rates are limited at the edge.",
        owner_role="Engineering lead",
        cadence="continuous",
        evidence_expected="Scan of headers for each site, sample of error pages, settings of rate limits.",
        test="Scan the headers. Provoke errors in pages and API: wrong input, missing record, broken service; no stack trace, "
        "query or path is shown.",
        criteria={
            "CC6.6": "Attacks through the browser and by flooding are held off.",
            "CC6.1": "Answers reveal nothing that helps to get around access rules.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Scan each site, provoke the listed errors, correct what differs, and attach scan and screenshots.",
        checklist=("security-headers", "no-internal-errors"),
        priority="medium",
    ),
)

ENCRYPTION = (
    StarterControl(
        key="ENC-001",
        title="Data at rest is encrypted",
        objective="A stolen disk, snapshot or backup is useless.",
        operation="Databases, file stores, queues, disks and backups that hold customers' data are encrypted with AES-256 or "
        "equal. Templates make it the default, and a rule alerts on any store without it.",
        owner_role="Platform lead",
        cadence="continuous",
        evidence_expected="List of all data stores and backups with encryption state and key, from the provider.",
        test="Compare the list with the inventory; every store is encrypted. Create an unencrypted store in a test account and "
        "see it refused or reported.",
        criteria={
            "CC6.1": "Stored data is unreadable without a key.",
            "CC6.7": "Copies and media are protected when they move.",
            "C1.1": "Confidential data is protected for as long as it is kept.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Export the state of all stores and backups, encrypt the rest, and attach the export.",
        checklist=("encryption-at-rest",),
        priority="critical",
    ),
    StarterControl(
        key="ENC-002",
        title="Encryption keys are guarded and rotated every year",
        objective="Whoever has the data does not have the key, and no key lives for ever.",
        operation="Keys live in a key service or hardware module. Those who manage keys cannot read the data. Keys rotate at "
        "least yearly, and old data stays readable. Use and change of keys is logged.",
        owner_role="Platform lead",
        cadence="yearly",
        evidence_expected="List of keys with purpose, age, rotation and who may use or manage them; extract of the log.",
        test="Look for keys older than a year. Compare managers and users of each key; nobody is both. After a rotation, read an "
        "old record.",
        criteria={
            "CC6.1": "Keys are created, stored, used and retired under control.",
            "CC6.3": "Managing keys and reading data are separate duties.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="List the keys, rotate those due, read old data to prove it works, and attach the list and log extract.",
        priority="high",
    ),
)
