"""A selection belongs to a row, not to a place."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from components import row_selection

    for step, names, *rows in st.session_state["steps"]:
        if step == "report":
            st.session_state["table"] = {"selection": {"rows": rows}}
            row_selection.changed("table", list(names))
        else:
            row_selection.keep("table", list(names))
    st.text(row_selection.selected("table"))
    st.text(st.session_state.get("table", {}).get("selection", {}).get("rows", []))


def after(*steps) -> tuple[str, str]:
    """Return the selected name and the marked places after reports of a browser and drawings."""
    app = AppTest.from_function(script)
    app.session_state["steps"] = steps
    app.run()
    assert not app.exception
    return tuple(item.value for item in app.text)


def test_a_click_selects_the_row_that_was_drawn_at_that_place():
    assert after(("draw", "ab"), ("report", "ab", 1)) == ("b", "[1]")


def test_the_mark_moves_with_its_row():
    steps = [("report", "ab", 1), ("draw", "cab")]
    assert after(*steps) == ("b", "[2]")


def test_a_report_of_the_place_before_is_no_click():
    steps = [("report", "ab", 1), ("draw", "cab"), ("report", "cab", 1), ("draw", "cab")]
    assert after(*steps) == ("b", "[2]")


def test_a_report_of_the_new_place_that_comes_after_the_next_move_is_no_click():
    steps = [("report", "ab", 0), ("draw", "cab"), ("draw", "dcab"), ("report", "dcab", 1)]
    assert after(*steps, ("draw", "dcab")) == ("a", "[2]")


def test_a_click_on_another_row_counts_right_after_a_move():
    steps = [("report", "ab", 0), ("draw", "cab"), ("report", "cab", 2)]
    assert after(*steps) == ("b", "[2]")


def test_a_click_on_the_marked_row_takes_the_mark_away():
    assert after(("report", "ab", 1), ("report", "ab")) == ("None", "[]")


def test_a_row_that_is_filtered_out_loses_its_mark_until_it_is_back():
    assert after(("report", "ab", 1), ("draw", "a")) == ("b", "[]")
    assert after(("report", "ab", 1), ("draw", "a"), ("draw", "ab")) == ("b", "[1]")
