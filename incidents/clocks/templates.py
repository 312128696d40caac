"""The duties that an organization begins with: data for counsel to confirm, change, or turn off."""

from typing import Any

from incidents.models import Kind, NotificationRule, Trigger, Unit
from incidents.models.clock import Data

_HARM = [Kind.SECURITY.value, Kind.PRIVACY.value, Kind.VENDOR.value]
_ANY = [kind.value for kind in Kind]
ON, OFF = NotificationRule.Status.ON, NotificationRule.Status.OFF

# By their keys, in order. `follows` names the key of the notice before it.
TEMPLATES: dict[str, dict[str, Any]] = {
    "contracts": {
        "name": "Customer contracts",
        "recipient": "The customers whose data are affected",
        "basis": "What your contracts say; 72 hours is our default",
        "advice": "Contracts differ: some say 24 or 48 hours. Set the shortest that you have signed.",
        "trigger": Trigger.AWARENESS,
        "amount": 72,
        "unit": Unit.HOURS,
        "kinds": [Kind.SECURITY.value, Kind.PRIVACY.value],
        "data": Data.CUSTOMER,
        "status": ON,
    },
    "gdpr": {
        "name": "GDPR, supervisory authority",
        "recipient": "The competent supervisory authority",
        "basis": "Regulation (EU) 2016/679, article 33",
        "advice": "Unless the breach is unlikely to result in a risk to people. A later one needs the reasons for the delay. "
        "Whether the people affected are told is a decision of its own (article 34). A processor tells its controller "
        "without undue delay.",
        "trigger": Trigger.AWARENESS,
        "amount": 72,
        "unit": Unit.HOURS,
        "kinds": _HARM,
        "data": Data.PERSONAL,
        "status": ON,
    },
    "nis2_early": {
        "name": "NIS2, early warning",
        "recipient": "The CSIRT or competent authority",
        "basis": "Directive (EU) 2022/2555, article 23(4)(a)",
        "advice": "For significant incidents of essential and important entities; the law of your member state decides.",
        "trigger": Trigger.AWARENESS,
        "amount": 24,
        "unit": Unit.HOURS,
        "kinds": _ANY,
        "status": OFF,
    },
    "nis2_notice": {
        "name": "NIS2, incident notification",
        "recipient": "The CSIRT or competent authority",
        "basis": "Directive (EU) 2022/2555, article 23(4)(b)",
        "advice": "Trust service providers have 24 hours.",
        "trigger": Trigger.AWARENESS,
        "amount": 72,
        "unit": Unit.HOURS,
        "kinds": _ANY,
        "status": OFF,
    },
    "nis2_final": {
        "name": "NIS2, final report",
        "recipient": "The CSIRT or competent authority",
        "basis": "Directive (EU) 2022/2555, article 23(4)(d)",
        "advice": "One month after the notification was submitted. While the incident goes on it is a progress report, and the "
        "final one follows a month after it was handled.",
        "trigger": Trigger.NOTICE,
        "follows": "nis2_notice",
        "amount": 1,
        "unit": Unit.MONTHS,
        "kinds": _ANY,
        "status": OFF,
    },
    "dora": {
        "name": "DORA, initial notification",
        "recipient": "The competent authority for financial entities",
        "basis": "Regulation (EU) 2022/2554, article 19; Delegated Regulation (EU) 2025/301",
        "advice": "For major incidents of financial entities. One that is classified later than 24 hours after awareness is due "
        "within four hours of that: it shows as late here, and counsel says whether it is. Further reports follow.",
        "trigger": Trigger.CLASSIFICATION,
        "amount": 4,
        "unit": Unit.HOURS,
        "cap_trigger": Trigger.AWARENESS,
        "cap_amount": 24,
        "cap_unit": Unit.HOURS,
        "kinds": _ANY,
        "status": OFF,
    },
    "hipaa": {
        "name": "HIPAA, individuals and the Secretary",
        "recipient": "The individuals affected and the Secretary of HHS; from 500 people in a state also the media",
        "basis": "45 CFR 164.404 to 164.410",
        "advice": "Without unreasonable delay; 60 days is the outer limit. Breaches of fewer than 500 people are reported to the "
        "Secretary once a year. A business associate tells its covered entity.",
        "trigger": Trigger.DISCOVERY,
        "amount": 60,
        "unit": Unit.DAYS,
        "kinds": _HARM,
        "data": Data.HEALTH,
        "status": OFF,
    },
    "sec": {
        "name": "SEC, Form 8-K item 1.05",
        "recipient": "The Securities and Exchange Commission",
        "basis": "17 CFR 249.308, Form 8-K, item 1.05",
        "advice": "For registrants; from the determination that it is material, which is made without unreasonable delay. "
        "Filings close before the day ends: mind EDGAR's hours.",
        "trigger": Trigger.MATERIALITY,
        "amount": 4,
        "unit": Unit.BUSINESS_DAYS,
        "kinds": _ANY,
        "status": OFF,
    },
}
