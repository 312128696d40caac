"""Starter controls: artificial intelligence, in the product and at work."""

from controls.library.starter import StarterControl

AI = (
    StarterControl(
        key="AI-001",
        title="Prompt injection is defended against",
        objective="Text from users, documents or websites cannot make the model act against its instructions.",
        operation="Instructions and outside content are kept apart, outside content is marked and filtered, and the model gets "
        "no secrets and only the rights of its user. Each quarter a growing set of known attacks is run.",
        owner_role="Engineering lead",
        cadence="quarterly",
        evidence_expected="Design of the defence, the set of attacks with results, attacks seen in use, and fixes.",
        test="Run the set. Plant an instruction in a document and ask the product about it; no other data is shown and no act is "
        "taken. Trace the rights of the model.",
        criteria={
            "CC6.8": "Hostile content is kept from acting as instructions.",
            "CC6.6": "Input from outside the boundary is treated as untrusted.",
            "CC7.1": "New ways of attack are tried against the product.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Add the quarter's new attacks, run the set, fix what gets through, and attach the results.",
        priority="high",
    ),
    StarterControl(
        key="AI-002",
        title="AI output is validated before it is used",
        objective="What a model says is checked before it is shown, stored or acted upon.",
        operation="Output must fit a schema, is escaped before display, screened for personal data and unsafe content, and "
        "grounded in sources where it states facts. Acts with lasting effect wait for a person. Failures are counted.",
        owner_role="Engineering lead",
        cadence="continuous",
        evidence_expected="Validation rules, failure rates, result of the evaluation set per model version.",
        test="Force malformed, scripted and unsafe output with a stub model; each is stopped. Compare the evaluation of the "
        "current model version with the threshold.",
        criteria={
            "CC6.8": "Generated code and markup cannot run unchecked.",
            "CC8.1": "A new model version is evaluated before it is used.",
            "PI1.4": "Output is checked for form and correctness before delivery.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Run the evaluation set on the current version, compare with the threshold, and attach result and rates.",
        priority="high",
    ),
    StarterControl(
        key="AI-003",
        title="AI responses are logged",
        objective="What the model was asked, answered and did can be shown and investigated later.",
        operation="Each call is logged with time, user, model and version, prompt reference, tools called, response, checks and "
        "cost; personal data is masked, access limited, retention set. Each month odd responses and complaints are reviewed.",
        owner_role="Engineering lead",
        cadence="monthly",
        evidence_expected="Extract of the log, the month's review, rights on the log, retention setting.",
        test="Use the product and find the call with all its fields. Sample complaints and reconstruct what happened. Look for "
        "unmasked personal data.",
        criteria={
            "CC7.2": "Behaviour of models can be watched and investigated.",
            "CC2.1": "Records about automated answers are complete enough to rely on.",
            "PI1.5": "Responses are stored completely and unchanged.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Draw a sample, follow complaints and failed checks, note what to change, and attach the review.",
        priority="medium",
    ),
    StarterControl(
        key="AI-004",
        title="Input to tools that a model calls is validated",
        objective="A model cannot use a tool beyond what its user may do.",
        operation="Every tool call is checked against a schema and the rights of the user on whose behalf it runs. Tools are "
        "listed with their reach; dangerous ones need confirmation, limits and a sandbox. Refusals are logged.",
        owner_role="Engineering lead",
        cadence="continuous",
        evidence_expected="List of tools with schema, rights and limits; refused calls; result of the tests.",
        test="Call each tool with bad arguments, another customer's identifiers and too high amounts; refused and logged. "
        "Compare the tools in the code with the list.",
        criteria={
            "CC6.1": "Tools enforce access themselves.",
            "CC6.3": "A model acts with no more than its user's rights.",
            "PI1.2": "Arguments are complete and valid before anything is processed.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Compare tools with the list, run the tests, read refused calls, and attach results.",
        priority="high",
    ),
    StarterControl(
        key="AI-005",
        title="AI providers are watched, with a fallback",
        objective="The product keeps its promises when a provider is slow, down, or changes its model.",
        operation="Calls have time limits, retries and a circuit breaker; a second provider, an older model or a mode without AI "
        "takes over. Model versions are pinned. Each quarter the fallback is switched on and measured.",
        owner_role="Platform lead",
        cadence="quarterly",
        evidence_expected="Provider availability, record of the fallback test with times, versions in use, provider notices.",
        test="Block the provider in staging and watch the fallback take over. Compare pinned versions with announced ends.",
        criteria={
            "CC9.1": "Loss of a provider is prepared for.",
            "CC9.2": "The provider's service is watched against what was agreed.",
            "A1.2": "A second way keeps the service available.",
            "A1.3": "The switch to the second way is tested.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Switch to the fallback in staging, measure, read provider notices, and attach the record.",
        priority="medium",
    ),
    StarterControl(
        key="AI-006",
        title="AI tools are approved before company data goes in",
        objective="Staff use AI without giving away customers' data.",
        operation="A register lists approved tools with permitted data, training switched off, and an owner. Other tools are "
        "blocked or reported where possible. People check output before they rely on it. Use is reviewed quarterly.",
        owner_role="Security lead",
        cadence="quarterly",
        evidence_expected="The register, sign-in and network logs compared with it, tools found outside it and what followed.",
        test="Search sign-in and expense records for AI tools; each is in the register with its vendor check. Sample settings; "
        "training on data is off.",
        criteria={
            "CC9.2": "AI vendors are assessed like others.",
            "CC3.4": "New technology is judged before it is adopted.",
            "C1.1": "Confidential data goes only to tools approved for it.",
        },
        legs=("policy", "technical", "operation", "monitoring"),
        instructions="Compare logs with the register, assess or block what is new, and attach the comparison.",
        priority="medium",
    ),
)
