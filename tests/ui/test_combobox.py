"""Long choices are found by typing, with the keyboard and by readers; without JavaScript the native controls do the same."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import faults_of, settled
from tests.ui.test_browser import Open, browser, site, visit

__all__ = ["browser", "site", "visit"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def owner(page: Page) -> str:
    return str(page.locator("select[name=owner]").input_value())


def test_axe_finds_nothing_also_with_the_list_open(visit: Open) -> None:
    page = visit("/choose/")
    assert faults_of(page, "/choose/") == []
    page.get_by_role("combobox", name="Owner").click()
    assert faults_of(page, "/choose/ open") == []


def test_typing_finds_and_enter_takes_the_first_that_fits(visit: Open) -> None:
    page = visit("/choose/")
    field = page.get_by_label("Owner")
    expect(field).to_have_attribute("placeholder", "Nobody")
    field.focus()
    page.keyboard.type("person 2")
    expect(page.locator("#id_owner-list [role=option]")).to_have_count(13)
    expect(page.get_by_role("status").filter(has_text="13 fit")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert (field.input_value(), owner(page)) == ("Person 12", "12")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("zaneta")
    expect(field).to_have_attribute("aria-activedescendant", "id_owner-list-0")
    page.keyboard.press("Enter")
    assert (field.input_value(), owner(page)) == ("Żaneta Łuk", "ż")


def test_escape_and_what_fits_nothing_leave_what_was_chosen_and_nothing_is_nobody(visit: Open) -> None:
    page = visit("/choose/")
    field = page.get_by_label("Owner")
    field.fill("Person 07")
    page.keyboard.press("Tab")
    assert owner(page) == "7", "the only one that fits is meant"
    field.fill("somebody else")
    expect(page.get_by_text("Nothing fits. What was chosen stays.")).to_be_visible()
    page.keyboard.press("Escape")
    assert (field.input_value(), owner(page)) == ("Person 07", "7")
    field.fill("")
    page.keyboard.press("Tab")
    assert (field.input_value(), owner(page)) == ("", "")


def test_the_mouse_chooses_and_the_form_sends_it(visit: Open) -> None:
    page = visit("/choose/")
    assert page.get_by_label("Deputy").input_value() == "Person 03"
    page.get_by_label("Owner").click()
    page.get_by_role("listbox", name="What fits").get_by_role("option", name="Person 12").click()
    page.get_by_label("Find in Team").fill("40")
    expect(page.get_by_label("Person 01", exact=True)).to_be_hidden()
    page.get_by_label("Person 40", exact=True).check()
    page.get_by_label("Find in Controls").fill("39")
    assert page.locator("select[name=controls] option:not([hidden])").count() == 1
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/list/?q=12-3-40")


def test_a_short_list_and_a_page_without_scripts_are_native(visit: Open) -> None:
    assert visit("/choose/").locator("#id_few-find").count() == 0
    page = visit("/choose/", scripts=False)
    page.get_by_label("Owner").select_option("7")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/list/?q=7-3")


def test_a_needed_choice_is_asked_for_at_its_field(visit: Open) -> None:
    page = visit("/choose/", width=390)
    page.get_by_role("button", name="Save").click()
    settled(page)
    field = page.get_by_role("combobox", name="Owner")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Who has it. This field is required.")
    assert faults_of(page, "/choose/ refused") == []
