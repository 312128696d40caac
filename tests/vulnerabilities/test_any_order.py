"""Any scans in any order, kept by the product itself in its database: the same as when worked out by hand."""

import datetime as dt
import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenancy.scope import tenant
from tests.vulnerabilities.files import pip_audit, pip_vulnerable
from tests.vulnerabilities.test_comparing import Ran, expected, some
from vulnerabilities.models import Scan, Vulnerability

NUMBERS = itertools.count()
weeks = st.lists(
    st.builds(Ran, week=st.integers(0, 6), has=some, evaluable=st.booleans()), max_size=5, unique_by=lambda one: one.week
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weeks, st.randoms(use_true_random=False))
def test_only_what_an_evaluable_later_scan_no_longer_has_is_fixed(scope_of, scan, acme, ran, random):
    scope, shuffled = scope_of("pip_audit", name=f"Scope {next(NUMBERS)}"), list(ran)
    random.shuffle(shuffled)
    for one in shuffled:
        vulnerable = [pip_vulnerable(name.lower(), name) for name in sorted(one.has)]
        skipped = () if one.evaluable else ("internal",)
        # As many packages each time, whatever is vulnerable: none is looked at less than the others.
        data = pip_audit(*vulnerable, clean=9 - len(vulnerable), skipped=skipped)
        kept = scan(scope, data, ran_at=one.at)
        assert (kept.evaluable, kept.fixed if not one.evaluable else 0) == (one.evaluable, 0)
    with tenant(acme):
        rows = Vulnerability.objects.filter(scope=scope)
        states = {row.identifier: (row.status, row.first_seen_at) for row in rows}
        assert Scan.objects.filter(scope=scope).count() == len(ran)
    assert states == expected(ran)
    assert all(at.tzinfo is dt.UTC for _, at in states.values())
