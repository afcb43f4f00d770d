"""The pages, the menu, and the way from one page to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.navigation.page import Page

_ROUTED = "routed"
_WANTED = "wanted_page"


@dataclass(frozen=True, kw_only=True, slots=True)
class PageSpec:
    """One screen: the file in `pages/` and, without its ending, the URL."""

    key: str
    title: str
    icon: str

    @property
    def path(self) -> str:
        """Its script, relative to app.py."""
        return f"pages/{self.key}.py"


PAGES: tuple[PageSpec, ...] = (
    PageSpec(key="home", title="Home", icon="🏠"),
    PageSpec(key="data", title="Data", icon="🗂️"),
    PageSpec(key="benchmark", title="Benchmark", icon="📏"),
    PageSpec(key="tuning", title="Tuning", icon="🎛️"),
    PageSpec(key="compare", title="Compare", icon="⚖️"),
    PageSpec(key="what_if", title="What-if", icon="💶"),
    PageSpec(key="guide", title="Guide", icon="🧭"),
)
_HOME = PAGES[0]


def router() -> Page:
    """Draw the menu and return the page to run; go first where a callback or the guard wants."""
    # Streamlit serves the default page at the bare address only, so home is there twice: as the
    # default, and hidden under its own name.
    menu = [st.Page(_HOME.path, title=_HOME.title, icon=_HOME.icon, url_path="start", default=True)]
    menu += [st.Page(spec.path, title=spec.title, icon=spec.icon) for spec in PAGES[1:]]
    hidden = st.Page(_HOME.path, title=_HOME.title, icon=_HOME.icon, visibility="hidden")
    page = st.navigation([*menu, hidden])
    st.session_state[_ROUTED] = True
    follow()
    if page.url_path == hidden.url_path:
        # Only the default page is marked in the menu.
        st.switch_page(menu[0], query_params=st.query_params.to_dict())
    return page


def follow() -> None:
    """Go where a callback or the guard wants, if anywhere."""
    wanted = st.session_state.pop(_WANTED, None)
    if wanted is not None:
        st.switch_page(wanted[0], query_params=wanted[1])


def has_routed() -> bool:
    """Whether the router has run in this browser session."""
    return bool(st.session_state.get(_ROUTED, False))


def go(key: str, **query: str) -> None:
    """Show another page in the run that follows; for callbacks."""
    st.session_state[_WANTED] = (_spec(key).path, query)


def link(key: str, label: str, **query: str) -> None:
    """Draw a link to a page."""
    spec = _spec(key)
    st.page_link(spec.path, label=label, icon=spec.icon, query_params=query)


def missing(sentence: str, key: str, label: str, **query: str) -> None:
    """Say what is missing and where to get it, and stop the page."""
    with st.container(border=True, key=f"missing_{key}"):
        st.markdown(sentence)
        link(key, label, **query)
    st.stop()


def _spec(key: str) -> PageSpec:
    for spec in PAGES:
        if spec.key == key:
            return spec
    raise ValueError(f"key must be one of {[spec.key for spec in PAGES]}, got {key!r}")
