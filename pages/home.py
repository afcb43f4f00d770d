"""Home: what the product answers, samples to start from, and earlier experiments."""

import streamlit as st

from components import home_view, navigation
from components.guard import guard
from components.resources import workbench

guard()
st.title("Is tuning worth it?")
st.markdown(
    "Tuneworth tells you what hyperparameter tuning buys over a base model on your own data: how "
    "much accuracy, whether the gain is real, and what it costs."
)
bench = workbench()
home_view.steps()

st.subheader("Start from your own data")
navigation.link("data", "Upload a CSV or Parquet file")

st.subheader("Start from a sample")
home_view.samples(bench)

st.subheader("Recent experiments")
home_view.recent(bench)
