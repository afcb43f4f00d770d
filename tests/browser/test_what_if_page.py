"""The What-if page in a real browser: a scenario is built, saved and opened by its link."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server, box, expect_accessible, expect_title

pytestmark = pytest.mark.browser


@pytest.fixture
def server(shared_server: Server) -> Server:
    return shared_server


def fill(page: Page, key: str, value: str) -> None:
    field = box(page, key).get_by_role("spinbutton")
    field.fill(value)
    field.press("Enter")


def test_a_scenario_opens_in_a_second_session_with_the_same_figures(
    server, page, tuned, browser: Browser
):
    page.goto(f"{server.url}/what_if?experiment={tuned}")
    expect_title(page, "What-if")
    paid = box(page, "what_if_payback")
    expect(paid).to_contain_text("Say what answers are worth")
    fill(page, "what_if_outcome_1_0", "-80")
    fill(page, "what_if_outcome_0_1", "-5")
    expect(paid).to_contain_text("Likely to pay")
    expect(paid.locator(".js-plotly-plot:visible")).to_be_visible()
    page.get_by_text("Keep, share, compare").click()
    name = box(page, "what_if_name").get_by_role("textbox")
    name.fill("Stakeholder")
    name.press("Enter")
    page.get_by_role("button", name="Save scenario").click()
    expect(page).to_have_url(re.compile("scenario=Stakeholder"))
    figures = paid.get_by_test_id("stMetricValue").all_inner_texts()
    assert len(figures) == 3

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    second = context.new_page()
    second.goto(page.url)
    expect(box(second, "what_if_outcome_1_0").get_by_role("spinbutton")).to_have_value("-80")
    expect(box(second, "what_if_payback").get_by_test_id("stMetricValue")).to_have_text(figures)
    context.close()


def test_one_row_answers_when_a_value_is_changed(server, page, tuned):
    page.goto(f"{server.url}/what_if?experiment={tuned}")
    value = box(page, "what_if_value_number")
    expect(value).to_be_visible(timeout=60_000)
    fill(page, "what_if_value_number", "16")
    expect(page.get_by_text("was ").or_(page.get_by_text("as it stands")).first).to_be_visible()
    expect(box(page, "what_if_one_row").locator(".js-plotly-plot:visible")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_keeps_readers_out(server, page, tuned, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{server.url}/what_if?experiment={tuned}")
    box(page, "what_if_begin_0").get_by_role("button").click()
    expect(box(page, "what_if_payback")).to_contain_text("Likely to pay")
    expect(box(page, "what_if_one_row").locator(".js-plotly-plot:visible")).to_be_visible()
    # The help of the button under the pointer fades in, and is judged while it does.
    page.mouse.move(0, 0)
    expect(page.get_by_role("tooltip")).to_have_count(0)
    expect_accessible(page)
