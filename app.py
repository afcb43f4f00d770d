"""The entry point: the frame in which every page runs."""

import streamlit as st

from components import collector, errors, frame, navigation

st.set_page_config(
    page_title="Tuneworth: is tuning worth it?",
    page_icon="⚖️",
    layout="wide",
    initial_sidebar_state=210,
)
frame.narrow_margins()
page = navigation.router()
with errors.shown():
    page.run()
collector.spare_modules()
