"""Systems and people in the API."""

from typing import ClassVar

from rest_framework import serializers

from api.operations import Changes, Creates, Does, Lists, Shows
from api.resources import Resource
from inventory.models import Person, System
from inventory.people.views import employment, people, person
from inventory.systems import views as systems


class SystemSerializer(serializers.ModelSerializer[System]):
    """A system whose access is reviewed."""

    accounts = serializers.IntegerField(source="account_total", help_text="Accounts in the latest population.")
    open_removals = serializers.IntegerField()
    last_population_as_of = serializers.DateTimeField(source="last_as_of", allow_null=True)

    class Meta:
        model = System
        fields: ClassVar[list[str]] = [
            "id", "name", "kind", "criticality", "status", "source_format", "owner", "backup_reviewer", "account_meaning",
            "no_access_states", "reviewer_order", "accounts", "open_removals", "last_population_as_of",
        ]  # fmt: skip


class SystemApi(Resource):
    """Systems."""

    output = SystemSerializer
    tag = "Systems"
    list = Lists(screen=systems.SystemList)
    retrieve = Shows(screen=systems.SystemDetail)
    create = Creates(screen=systems.SystemCreate)
    partial_update = Changes(screen=systems.SystemEdit)
    retire = Does(screen=systems.SystemRetire)
    restore = Does(screen=systems.SystemRestore)


class PersonSerializer(serializers.ModelSerializer[Person]):
    """Somebody on the roster."""

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = [
            "id", "name", "email", "employee_number", "manager", "department", "title", "kind", "status", "started_on",
            "left_on", "contract_ends_on", "member",
        ]  # fmt: skip


class PersonApi(Resource):
    """People."""

    output = PersonSerializer
    tag = "People"
    list = Lists(screen=people.PersonList, filters=("status", "kind", "flag", "department"))
    retrieve = Shows(screen=person.PersonDetail)
    create = Creates(screen=employment.PersonCreate)
    partial_update = Changes(screen=employment.PersonEdit)
    leave = Does(screen=employment.PersonLeave)
    pause = Does(screen=employment.PersonPause)
    back = Does(screen=employment.PersonReturn)
    rehire = Does(screen=employment.PersonRehire)
