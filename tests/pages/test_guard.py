"""A page that is opened by its address on a fresh server."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import APP


@pytest.mark.parametrize("page", ["home", "data", "benchmark", "tuning", "compare"])
def test_a_cold_deep_link_goes_through_the_router_and_keeps_its_query(tmp_path, monkeypatch, page):
    """Here Streamlit serves `pages/` by itself, so app.py has not run."""
    monkeypatch.setenv("TUNEWORTH_HOME", str(tmp_path))
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.switch_page(f"pages/{page}.py")
    app.query_params["note"] = "kept"
    app.run()
    assert not app.exception
    assert app.title[0].value == ("Is tuning worth it?" if page == "home" else page.title())
    assert app.session_state["routed"]
    assert app.query_params["note"] == "kept"
