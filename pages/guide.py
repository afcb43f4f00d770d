"""Guide: training, tuning and base models in plain words, and what to do next."""

import streamlit as st

from components import header
from components.guard import guard
from components.guide import aid, ways
from components.resources import workbench

guard()
st.title("Guide")
bench = workbench()
st.markdown("Is tuning worth it? First know what there is to choose from.")
ways.show()
st.subheader("What should I do next?")
aid.show(bench, header.experiment_or_none(bench))
