"""The Compare page in a real browser: axes, selections, paper view, files, an external model."""

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from modelling.types import Variant
from tests.browser.conftest import Server, box, expect_accessible, expect_title, select

pytestmark = pytest.mark.browser
REDRAW_MS = 500


@pytest.fixture
def server(shared_server: Server) -> Server:
    return shared_server


def open_compare(page: Page, server: Server, experiment: str) -> Locator:
    page.goto(f"{server.url}/compare?experiment={experiment}")
    expect_title(page, "Compare")
    chart = box(page, "compare_tradeoff_chart").locator(".js-plotly-plot:visible")
    expect(chart.locator(".scatterlayer .points path").first).to_be_visible()
    # The last part of the page: nothing above it moves any more.
    expect(box(page, "compare_fresh")).to_be_visible()
    return chart


def below(page: Page) -> Locator:
    return page.get_by_test_id("stAlert").filter(has_text="Below:")


def settle(page: Page, chart: Locator) -> None:
    """Wait until the page has answered: a chart that is drawn anew is another element."""
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    page.wait_for_timeout(REDRAW_MS)
    expect(chart).to_have_count(1)
    chart.scroll_into_view_if_needed()


def click_point(page: Page, chart: Locator) -> None:
    """Click the first point; what Plotly lays over it takes the click."""
    place = chart.locator(".scatterlayer .points path").first.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)


def draw_lasso(page: Page, chart: Locator) -> None:
    """Draw around everything that is on the chart."""
    chart.hover()
    chart.locator("[data-title='Lasso Select']").click()
    plot = chart.locator(".nsewdrag").first.bounding_box()
    assert plot is not None
    corners = [(0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99), (0.01, 0.02)]
    spots = [(plot["x"] + plot["width"] * x, plot["y"] + plot["height"] * y) for x, y in corners]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot, steps=6)
    page.mouse.up()


def test_points_select_the_models_below_and_a_double_click_shows_all(server, page, tuned):
    chart = open_compare(page, server, tuned)
    select(page, "compare_score", "Accuracy")
    select(page, "compare_axis", "Model file")
    expect(box(page, "compare_tradeoff")).to_contain_text("ROC AUC has the intervals")
    settle(page, chart)
    click_point(page, chart)
    expect(below(page)).to_be_visible()
    assert below(page).inner_text().count("(") == 1
    draw_lasso(page, chart)
    expect(below(page)).to_contain_text(",")
    settle(page, chart)
    plot = chart.locator(".nsewdrag").first.bounding_box()
    assert plot is not None
    page.mouse.dblclick(plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 2)
    expect(below(page)).to_have_count(0)


def test_the_stakeholders_view_needs_no_scrolling(server, page, tuned):
    page.set_viewport_size({"width": 1280, "height": 800})
    open_compare(page, server, tuned)
    box(page, "compare_paper").locator("label").first.click()
    expect(page.get_by_role("combobox")).to_have_count(0)
    chart = box(page, "compare_tradeoff_chart").locator(".js-plotly-plot:visible")
    verdict = box(page, "compare_verdict")
    parts = [
        verdict.get_by_role("heading"),
        verdict.get_by_text("Gain in ROC AUC"),
        verdict.get_by_text("95 %:"),
        verdict.get_by_text("Cost of the search"),
        chart.locator(".xtitle"),
    ]
    for part in parts:
        expect(part).to_be_in_viewport(ratio=1.0)


def test_figures_can_be_taken_away(server, page, tuned):
    chart = open_compare(page, server, tuned)
    with page.expect_download() as download:
        box(page, "compare_tradeoff_chart_html").get_by_role("button").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "plotly" in text
    assert "Pareto front" in text
    # Plotly names the form in the title for PNG only.
    for form, title, start in (
        ("PNG", "Download plot as a PNG", b"\x89PNG"),
        ("SVG", "Download plot", b"<svg"),
    ):
        box(page, "compare_picture").get_by_text(form, exact=True).click()
        camera = chart.locator(f"[data-title='{title}']")
        expect(camera).to_be_attached()
        settle(page, chart)
        chart.hover()
        with page.expect_download() as download:
            camera.click()
        assert Path(download.value.path()).read_bytes().startswith(start)


def test_an_external_model_stands_in_the_comparison(server, page, tuned, tmp_path):
    open_compare(page, server, tuned)
    box(page, "compare_external").get_by_text("Add an external model").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="1. Locked rows to answer (CSV)").click()
    rows = pd.read_csv(download.value.path())
    assert "answer" not in rows
    answers = tmp_path / "answers.csv"
    rule = (rows["number"] > 8).map({True: "yes", False: "no"})
    pd.DataFrame({"row": rows["row"], "prediction": rule}).to_csv(answers, index=False)
    box(page, "compare_external_upload").locator("input[type=file]").set_input_files(answers)
    title = box(page, "compare_external_title").get_by_role("textbox")
    title.fill("Rule of thumb")
    title.press("Enter")
    page.get_by_role("button", name="Add this model").click()
    expect(page.get_by_text("Rule of thumb (imported)").first).to_be_visible(timeout=30_000)
    rows_now = server.workbench.results(tuned)
    assert [row.title for row in rows_now if row.variant is Variant.IMPORTED] == ["Rule of thumb"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_keeps_readers_out(server, page, tuned, scheme):
    page.emulate_media(color_scheme=scheme)
    open_compare(page, server, tuned)
    # Streamlit writes a chosen segment in the primary colour, on which buttons write white: on a
    # dark page no colour has a contrast of 4.5 both ways.
    expect_accessible(page, without="[data-testid=stButtonGroup]" if scheme == "dark" else None)
