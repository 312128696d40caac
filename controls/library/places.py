"""Starter controls: offices, devices and other assets."""

from controls.library.starter import StarterControl

PHYSICAL = (
    StarterControl(
        key="PHY-001",
        title="Offices are closed to strangers",
        objective="Nobody walks up to a desk, a network socket or a paper file unnoticed.",
        operation="Doors open by personal badge or key. Visitors are registered and accompanied. Badge holders are compared with "
        "the roster every quarter; leavers' badges are blocked on the last day.",
        owner_role="People lead",
        cadence="quarterly",
        evidence_expected="Badge and key list compared with the roster, visitor register, corrections made.",
        test="Compare badge holders with the roster. Sample leavers; badge blocked by the last day. Visit an office as a "
        "stranger.",
        criteria={
            "CC6.4": "Only people entitled to it enter the premises.",
            "CC6.5": "Badges and keys come back from those who leave.",
        },
        legs=("policy", "technical", "operation"),
        instructions="Export badge holders, compare with the roster, block the rest, attach the comparison and visitor register.",
        priority="low",
    ),
    StarterControl(
        key="PHY-002",
        title="Server rooms are guarded, climate-controlled and powered",
        objective="Own hardware is touched only by those entitled, and survives fire, heat and loss of power.",
        operation="Server rooms and racks open to a named few, and entries are logged. Fire detection, cooling and emergency "
        "power are maintained on schedule. Entries and maintenance are reviewed every quarter.",
        owner_role="Platform lead",
        cadence="quarterly",
        evidence_expected="List of who may enter, entry log with review, maintenance records of power, cooling and fire "
        "detection.",
        test="Compare entries with the list. Sample entries and ask for the reason. See the maintenance of each device within "
        "its interval, and the last test of emergency power.",
        criteria={
            "CC6.4": "Entry to hardware is limited and logged.",
            "A1.2": "The environment the hardware needs is protected and maintained.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Review the entry log and permissions, collect maintenance records, and attach them with your note.",
        priority="high",
    ),
    StarterControl(
        key="PHY-003",
        title="Work outside the office is as safe as inside",
        objective="A home, a train or a customer's site is no weak point.",
        operation="A rule for remote work covers screens, calls, paper and lost devices. Internal systems are reached only "
        "through a gateway or VPN that checks person and device. Each quarter it is tried from an unmanaged device.",
        owner_role="IT lead",
        cadence="quarterly",
        evidence_expected="The rule with its acknowledgement, gateway settings, record of the attempt, register of lost devices.",
        test="From outside and from an unmanaged device, try to reach an internal system and see it refused. Sample lost "
        "devices; reported, blocked and wiped.",
        criteria={
            "CC6.4": "Devices and papers are physically guarded wherever people work.",
            "CC6.6": "Remote access passes through one checked gateway.",
            "CC6.7": "Data that leaves the office travels protected.",
        },
        legs=("policy", "technical", "operation"),
        instructions="Try the gateway from an unmanaged device, capture the refusal, and attach the register of lost devices.",
        priority="medium",
    ),
)

ASSETS = (
    StarterControl(
        key="AST-001",
        title="Assets are known, with an owner",
        objective="What is not known cannot be protected: systems, devices, data stores and code are on one list.",
        operation="The inventory names each system, cloud account, device, data store and repository with owner and importance. "
        "Each quarter it is compared with what the cloud, the device management and the identity provider list.",
        owner_role="IT lead",
        cadence="quarterly",
        evidence_expected="The inventory, the lists it was compared with and their counts, and the differences with their cure.",
        test="Take assets from the sources and find them in the inventory, then the other way round. Owners still work here.",
        criteria={
            "CC6.1": "What access must guard is known and has an owner.",
            "CC7.1": "New and unknown components are noticed.",
            "CC2.1": "The inventory is checked against its sources.",
        },
        legs=("policy", "operation", "monitoring"),
        instructions="Export the sources, compare, add or retire what differs, and attach the comparison.",
        priority="medium",
    ),
    StarterControl(
        key="AST-002",
        title="Devices and media are wiped before they go",
        objective="No data leaves with a retired laptop, disk or cloud volume.",
        operation="Equipment of leavers comes back within ten business days. Before reuse, sale or disposal its storage is "
        "erased by a recognised method or destroyed, and the proof is kept. Each quarter retired assets are matched "
        "with proofs.",
        owner_role="IT lead",
        cadence="quarterly",
        evidence_expected="List of assets retired in the quarter, erasure logs or destruction certificates by serial number.",
        test="Sample retired assets from the inventory; a proof with the same serial number exists, dated before the asset left. "
        "Sample leavers; equipment came back.",
        criteria={
            "CC6.5": "Protection ends only once nothing readable is left.",
            "C1.2": "Confidential data on equipment is destroyed with proof.",
        },
        legs=("policy", "technical", "operation"),
        instructions="Match retired assets and leavers' equipment with proofs, chase what is missing. Nothing retired? State "
        "that.",
        priority="medium",
    ),
    StarterControl(
        key="AST-003",
        title="Laptops and servers are managed and free of malware",
        objective="Every device that reaches company data is encrypted, updated and watched for malicious software.",
        operation="Device management enforces disk encryption, screen lock, updates and endpoint protection, and blocks software "
        "not allowed. A device out of line loses access. Servers run the same protection, or images that cannot be changed.",
        owner_role="IT lead",
        cadence="continuous",
        evidence_expected="Device list with encryption, lock, update and protection state, compared with inventory and roster.",
        test="Compare managed devices with roster and inventory. Sample devices; settings in force. Load the harmless standard "
        "test file and see it stopped and reported.",
        criteria={
            "CC6.8": "Malicious and unapproved software is prevented, found and removed.",
            "CC6.7": "Data on a lost device stays unreadable.",
            "CC6.1": "Only devices in good order reach company systems.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Export the device list, explain each device out of line or without an owner, and attach the comparison.",
        priority="high",
    ),
)
