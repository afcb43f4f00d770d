"""What a page says when what it needs is not there."""

import pytest

from tests.pages.conftest import texts

PAGES = ("home", "data", "benchmark", "tuning", "compare")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_an_empty_workspace(open_empty, page):
    app = open_empty(page)
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1


@pytest.mark.parametrize("page", PAGES[2:])
def test_without_an_experiment_a_page_says_so_and_stops(open_empty, page):
    app = open_empty(page)
    assert "No experiment is open" in texts(app)
    assert [link.label for link in app.page_link] == ["Choose an experiment"]
    assert not app.button


@pytest.mark.parametrize("page", PAGES[2:])
@pytest.mark.parametrize("wanted", ["no-such-thing", "<script>alert(1)</script>", "../../etc"])
def test_an_unknown_experiment_is_named_with_the_way_out(open_empty, page, wanted):
    app = open_empty(page, experiment=wanted)
    assert "There is no experiment" in texts(app)
    assert "<script>" not in texts(app)
    assert app.page_link[0].label == "Choose an experiment"


@pytest.mark.parametrize("page", ["tuning", "compare"])
def test_without_base_models_a_page_sends_to_the_benchmark(open_page, finished, page):
    app = open_page(page, experiment=finished.fresh)
    assert "run the benchmark first" in texts(app)
    assert app.page_link[0].label == "Go to Benchmark"


def test_the_data_page_begins_with_the_uploader(open_empty):
    app = open_empty("data")
    assert "Excel" in app.file_uploader(key="data_upload").label
    assert not app.button
