"""Files as analysts have them, from the upload to a usable experiment."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, expect

from modelling.types import SplitStrategy
from tests.browser.conftest import Server, box, expect_title, select
from tests.datasets.corpus import excel

pytestmark = pytest.mark.browser
GRID_MS = 400
N_ROWS = 120


def is_long(row: int) -> bool:
    return row % 17 > 8


def upload(page: Page, server: Server, path: Path) -> None:
    page.goto(f"{server.url}/data")
    box(page, "data_upload").locator("input[type=file]").set_input_files(path)


def checked(page: Page) -> None:
    """Wait until the data were looked at under the choices of the page."""
    expect(page.get_by_text("A closer look")).to_be_visible()
    expect(page.get_by_text("Checking the data under these choices")).to_have_count(0)


def create(page: Page) -> None:
    page.get_by_role("button", name="Create experiment").click()
    expect_title(page, "Benchmark")


def test_a_workbook_with_two_sheets_and_a_row_of_units_becomes_an_experiment(
    server, page, tmp_path
):
    measured = [["length", "weight", "kind"], ["mm", "kg", ""]]
    measured += [[i % 17, i / 4, "a" if is_long(i) else "b"] for i in range(N_ROWS)]
    path = tmp_path / "measured.xlsx"
    other = [["code", "meaning"], *([f"c{i}", f"word {i}"] for i in range(40))]
    path.write_bytes(excel.pack(excel.parts({"Codes": other, "Measured": measured})))

    upload(page, server, path)
    expect(page.get_by_text("sheet Codes")).to_be_visible()
    page.get_by_role("tab", name="How it was read").click()
    select(page, "data_read_sheet", "Measured")
    expect(page.get_by_text("3 columns; the first rows")).to_be_visible()
    page.get_by_role("button", name="Read the whole file this way").click()

    expect(page.get_by_text("sheet Measured")).to_be_visible()
    expect(page.get_by_text("two header rows")).to_be_visible()
    expect(box(page, "data_target").get_by_role("combobox")).to_have_value("kind")
    checked(page)
    create(page)
    (experiment,) = server.workbench.experiments()
    data = server.workbench.dataset(experiment.dataset_id)
    assert [column.name for column in data.columns] == ["length mm", "weight kg", "kind"]
    assert (data.n_rows, experiment.n_train + experiment.n_test) == (N_ROWS, N_ROWS)


def test_an_old_windows_file_with_decimal_commas_becomes_an_experiment(server, page, tmp_path):
    rows = [f"{i % 17},5;{'größer' if is_long(i) else 'kürzer'};{i}.01.2024" for i in range(1, 29)]
    path = tmp_path / "länge.csv"
    path.write_bytes("\r\n".join(["Länge;Größe;Tag", *rows * 4]).encode("cp1252"))

    upload(page, server, path)
    expect(page.get_by_text("semicolon between values")).to_be_visible()
    expect(page.get_by_text("encoding cp1252")).to_be_visible()
    expect(page.get_by_text("decimal comma")).to_be_visible()
    select(page, "data_target", "Größe")
    checked(page)
    create(page)
    (experiment,) = server.workbench.experiments()
    data = server.workbench.dataset(experiment.dataset_id)
    assert [str(column.type) for column in data.columns] == ["number", "category", "date"]
    assert experiment.task.positive == "größer"


def test_a_parquet_with_nested_columns_becomes_an_experiment(server, page, tmp_path):
    table = pa.table(
        {
            "size": [{"long": i % 17, "wide": i / 3} for i in range(N_ROWS)],
            "tags": [["x", "y"][: i % 3] for i in range(N_ROWS)],
            "kind": ["a" if is_long(i) else "b" for i in range(N_ROWS)],
        }
    )
    path = tmp_path / "nested.parquet"
    pq.write_table(table, path)

    upload(page, server, path)
    expect(page.get_by_text("4 columns; parquet")).to_be_visible()
    checked(page)
    create(page)
    (experiment,) = server.workbench.experiments()
    assert {"size.long", "size.wide"} <= set(experiment.task.features)


def test_what_is_no_table_is_refused_and_the_next_file_is_read(server, page, tmp_path):
    picture, table = tmp_path / "picture.csv", tmp_path / "good.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    table.write_text("a,b\n" + "\n".join(f"{i},{i % 2}" for i in range(60)), encoding="utf-8")
    upload(page, server, picture)
    expect(page.get_by_role("alert")).to_contain_text("picture.csv is a PNG image")
    box(page, "data_upload").locator("input[type=file]").set_input_files(table)
    expect(page.get_by_text("good.csv")).to_be_visible()
    expect(page.get_by_text("60 rows, 2 columns")).to_be_visible()


def test_a_click_cures_a_leak_and_a_test_file_of_ones_own_is_used(server, page, tmp_path):
    rows = ["size,weight,refund,churn"]
    rows += [
        f"{i % 23},{i % 7},{int(is_long(i))},{'yes' if is_long(i) else 'no'}" for i in range(300)
    ]
    data, own = tmp_path / "train.csv", tmp_path / "test.csv"
    data.write_text("\n".join(rows), encoding="utf-8")
    own.write_text("\n".join(rows[:81]), encoding="utf-8")

    upload(page, server, data)
    checked(page)
    leak = page.locator(".st-key-data_findings", has_text="refund")
    expect(leak).to_contain_text("high")
    leak.get_by_role("button").first.click()
    checked(page)
    expect(page.get_by_text("refund", exact=False).get_by_text("high")).to_have_count(0)
    select(page, "data_test_source", "A file of my own")
    box(page, "data_test_upload").locator("input[type=file]").set_input_files(own)
    expect(page.get_by_text("Test file: test.csv, 80 rows")).to_be_visible()
    checked(page)
    create(page)
    (experiment,) = server.workbench.experiments()
    assert experiment.task.features == ("size", "weight")
    assert (experiment.n_train, experiment.n_test) == (300, 80)


def test_a_use_chosen_in_the_table_of_columns_changes_the_split(server, page, tmp_path):
    rows = [f"{i // 4},{i % 17},{'a' if is_long(i) else 'b'}" for i in range(N_ROWS)]
    path = tmp_path / "visits.csv"
    path.write_text("\n".join(["ward,length,kind", *rows]), encoding="utf-8")
    upload(page, server, path)
    checked(page)
    # A canvas has no cells to ask for: the second column of the first row below the header.
    grid = page.locator("[class*='st-key-data_roles_'] .dvn-scroller")
    grid.click(position={"x": 130, "y": 35 + 17})
    # Nor does it say when its cell is open for what is typed.
    page.wait_for_timeout(GRID_MS)
    page.keyboard.press("Enter")
    page.wait_for_timeout(GRID_MS)
    page.keyboard.type("group")
    page.keyboard.press("Enter")
    expect(box(page, "data_split_strategy").get_by_role("combobox")).to_have_value(
        "By group: a group is never on both sides"
    )
    checked(page)
    create(page)
    (experiment,) = server.workbench.experiments()
    assert (experiment.task.group, experiment.task.split) == ("ward", SplitStrategy.GROUP)
