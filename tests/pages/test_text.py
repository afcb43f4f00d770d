"""Names of users in places that read Markdown."""

import pytest

from components.text import plain

JOINER = "\u2060"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("plain", "plain"),
        ("**bold**", r"\*\*bold\*\*"),
        ("<b>", r"\<b\>"),
        ("$x$", r"\$x\$"),
        ("a: b", r"a\: b"),
        ("[link](javascript:x)", r"\[link\]\(javascript\:x\)"),
        (":red[x]", r"\:red\[x\]"),
        ("line\nbreak", "line break"),
    ],
)
def test_markup_is_shown_as_it_is(name, shown):
    assert plain(name) == shown


@pytest.mark.parametrize(
    "name",
    [":smile:", ":material/home:", "https://example.org", "www.example.org", "a@b.org", "->"],
)
def test_what_streamlit_replaces_after_the_backslashes_is_broken_up(name):
    assert JOINER in plain(name)


def test_a_long_name_is_cut():
    assert len(plain("x" * 10_000)) == 80
