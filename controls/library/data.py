"""Starter controls: confidentiality and processing integrity."""

from controls.library.starter import StarterControl

CONFIDENTIALITY = (
    StarterControl(
        key="DAT-001",
        title="Data is classified, and each class has its rules",
        objective="People know which data is confidential, where it is, and how to treat it.",
        operation="A register lists kinds of data with class, owner, location, legal basis and handling rules, from public to "
        "restricted. Stores carry the label. It is reviewed twice a year and searched for confidential data elsewhere.",
        owner_role="Security lead",
        cadence="half_yearly",
        evidence_expected="The register, the review with changes, labels on stores, result of the search.",
        test="Take data stores from the inventory and find them in the register with the right class. Sample restricted stores; "
        "handling rules are in force.",
        criteria={
            "C1.1": "Confidential data is identified and protected by class.",
            "CC6.1": "Protection follows the worth of the data.",
            "P4.1": "The purpose of each kind of personal data is recorded.",
        },
        legs=("policy", "technical", "operation"),
        instructions="Ask each owner what is new, update classes and labels, run the search, and attach the register.",
        priority="medium",
    ),
    StarterControl(
        key="DAT-002",
        title="Data is deleted when its time is over",
        objective="Nothing is kept longer than promised, and what a departing customer is owed is done.",
        operation="A schedule sets how long each kind of data is kept. Deletion runs by itself and logs what, how many, under "
        "which rule. Ended customers' data is returned, deleted by the agreed day and certified. A legal hold stops deletion.",
        owner_role="Privacy lead",
        cadence="monthly",
        evidence_expected="Deletion log of the month, ended customers with due date and certificate, holds in force.",
        test="Search stores for data older than the schedule. Sample ended customers; deleted in time from production and later "
        "from backups, certificate sent.",
        criteria={
            "C1.2": "Confidential data is destroyed when it is due.",
            "CC6.5": "Nothing readable is left when storage is given up.",
            "P4.2": "Personal data is kept no longer than needed.",
            "P4.3": "Personal data is disposed of safely.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Check that each deletion ran, follow failures, close due customer cases, and attach log and certificates.",
        priority="high",
    ),
)

PROCESSING_INTEGRITY = (
    StarterControl(
        key="PI-001",
        title="What processing must achieve is written down",
        objective="Users and engineers agree on what correct, complete and timely means.",
        operation="For each kind of processing a specification gives inputs, rules, outputs, precision, deadlines and limits. "
        "It is published to users as far as it concerns them, and reviewed yearly and with each change of the rules.",
        owner_role="Engineering lead",
        cadence="yearly",
        evidence_expected="Specifications with version and approval, what users are given, changes of the year.",
        test="Sample kinds of processing; work an example by hand from the specification and compare with the system. Rule "
        "changes of the period updated the text.",
        criteria={"PI1.1": "Definitions of data, processing and quality are available to those who need them."},
        legs=("policy", "operation"),
        instructions="Read each specification against the code and tests, correct, approve, and publish.",
        priority="medium",
    ),
    StarterControl(
        key="PI-002",
        title="Input is validated before it is processed",
        objective="Wrong, incomplete or doubled data is stopped at the door.",
        operation="Every interface validates type, range, format, completeness and duplicates against a schema, and says what is "
        "wrong. Rejects are counted, reported to the sender and followed up.",
        owner_role="Engineering lead",
        cadence="continuous",
        evidence_expected="Schemas per interface, rate of rejects, result of the tests with bad input.",
        test="Send missing, malformed, out-of-range and repeated input to each interface; refused with a clear message, nothing "
        "stored. Sample rejects; followed up.",
        criteria={"PI1.2": "Only complete, accurate and authorised input goes on to processing."},
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Run the tests with bad input, compare interfaces with schemas, and attach result and reject rates.",
        priority="high",
    ),
    StarterControl(
        key="PI-003",
        title="Processing errors are found and reconciled every day",
        objective="What goes wrong in the middle is noticed and repaired before anybody relies on it.",
        operation="Each job records counts and sums in and out, errors and duration. Differences and failures alert. Each day "
        "totals are reconciled, failed records are repaired or rerun, and the reason is noted.",
        owner_role="Platform lead",
        cadence="daily",
        evidence_expected="Reconciliation of the day with totals, differences, reruns and reasons.",
        test="Sample days; recompute totals from the source. Follow failed records to their repair. Break a test job and see it "
        "reported.",
        criteria={
            "PI1.3": "Processing is complete and accurate, and errors are detected and corrected.",
            "CC7.2": "Failures of processing are watched for.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Compare the totals, repair or rerun what failed, and note the reason. Attach the reconciliation.",
        priority="high",
    ),
    StarterControl(
        key="PI-004",
        title="Output and stored results are checked",
        objective="The right result reaches the right recipient, and stays right while it is stored.",
        operation="Output is compared with expected totals before release and goes only to recipients on file. Stored input and "
        "results carry checksums and are protected from change; each month a sample is followed from input to output.",
        owner_role="Engineering lead",
        cadence="monthly",
        evidence_expected="The sample with recomputed results, recipients checked, integrity check of stored data.",
        test="Repeat the sample. Alter a stored test record and see it found. Try to obtain another customer's output.",
        criteria={
            "PI1.4": "Output is complete, accurate and delivered to the right recipient in time.",
            "PI1.5": "Stored items are complete and cannot be changed unnoticed.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Draw the sample, recompute, check recipients, run the integrity check, and attach the record.",
        priority="medium",
    ),
)
