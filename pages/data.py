"""Data: bring a table in, see what was read, and fix the task."""

import streamlit as st

from components import dataset_view, task_form
from components.guard import guard
from components.resources import workbench

guard()
st.title("Data")
bench = workbench()
ref = dataset_view.requested(bench)
if ref is None:
    dataset_view.upload(bench)
    st.stop()

dataset_view.show(bench, ref)
dataset_view.about_sample(bench, ref)
task_form.show(bench, ref)
