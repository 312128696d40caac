"""The command that bin/run calls."""

import pytest
from django.core.management import CommandError, call_command

from example.cast import PASSWORD
from example.importing import SetUpFailed
from example.management.commands import example as command
from tenancy.models import Organization


@pytest.fixture
def asked_for(settings, db):
    settings.PLUMBLINE_EXAMPLE = True


def founding(slug):
    """A stand-in for the real thing, which takes long."""

    def make(say):
        say("something")
        return Organization.objects.create(slug=slug, name=slug.title(), zone="UTC", is_example=True)

    return make


@pytest.fixture
def small(monkeypatch):
    _, name, _, seats = command._EXAMPLES[0]
    monkeypatch.setattr(command, "_EXAMPLES", (("larkfield", name, founding("larkfield"), seats),))


def test_nothing_is_made_unless_the_example_was_asked_for(settings, db):
    settings.PLUMBLINE_EXAMPLE = False
    with pytest.raises(CommandError, match="everybody knows"):
        call_command("example")


def test_it_is_made_once(asked_for, small, capsys):
    call_command("example")
    assert "Larkfield Software is ready." in capsys.readouterr().out
    call_command("example")
    assert "is there already" in capsys.readouterr().out


def test_a_set_up_that_fails_leaves_nothing(asked_for, small, monkeypatch):
    made = founding("larkfield")

    def fails(say):
        made(say)
        raise SetUpFailed("A file could not be read.")

    name, seats = command._EXAMPLES[0][1], command._EXAMPLES[0][3]
    monkeypatch.setattr(command, "_EXAMPLES", (("larkfield", name, fails, seats),))
    with pytest.raises(CommandError, match="nothing of it was kept"):
        call_command("example")
    assert not Organization.objects.filter(slug="larkfield").exists()


def test_it_follows_the_address_of_each_start_even_where_the_example_is_not_asked_for(asked_for, small, settings, monkeypatch):
    followed = []
    monkeypatch.setattr(command, "follow_address", lambda organization, _at: followed.append(organization.slug))
    Organization.objects.create(slug="our-own", name="Our own", zone="UTC")
    call_command("example")
    settings.PLUMBLINE_EXAMPLE = False
    call_command("example", "--follow")
    assert followed == ["larkfield"]


def test_an_organization_of_ones_own_is_left_alone(asked_for, small):
    Organization.objects.create(slug="larkfield", name="Our own", zone="UTC")
    with pytest.raises(CommandError, match="of your own"):
        call_command("example")


def test_how_to_sign_in_is_described_for_every_role(asked_for, small, capsys):
    call_command("example", "--describe")
    assert "no example" in capsys.readouterr().out
    call_command("example")
    capsys.readouterr()
    call_command("example", "--describe")
    told = capsys.readouterr().out
    assert PASSWORD in told
    assert "/o/larkfield/" in told
    roles = ("administrator", "compliance manager", "reviewer", "approver", "executive", "auditor", "viewer", "employee")
    assert all(role in told for role in roles)
