"""docs/permissions.md says who may do what, as the product itself has it."""

import re

from django.core.management import call_command

from accounts import rolebook
from accounts.permissions import PERMISSIONS
from accounts.roles import ROLES, granted


def test_the_page_is_what_the_table_says():
    call_command("role_table", "--check")


def test_each_permission_stands_there_with_all_who_have_it():
    text = rolebook.PLACE.read_text()
    said = dict(re.findall(r"^\| `([\w.]+)` \| [^|]+ \| ([^|]+) \|$", text, re.MULTILINE))
    assert set(said) == set(PERMISSIONS)
    for permission, who in said.items():
        having = {role.name for role in ROLES.values() if permission in granted([role.key])}
        assert having == (set(who.split(", ")) if who != "everybody" else {role.name for role in ROLES.values()}), permission
