"""Data: bring a table in, see what was read and what is wrong with it, and fix the task."""

import streamlit as st

from components import dataset_view, findings_view, profile_view, task_draft, task_form
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
choices = task_form.show(bench, ref)
if choices is None:
    st.stop()

test = task_draft.test_dataset()
split = profile_view.split_line(bench, ref, choices, test)
profile = findings_view.profile_of(bench, ref, choices, test)
findings_view.show(ref, profile, can_split=split is not None)
task_form.create(ref, ready=split is not None)
profile_view.show(profile, split, choices)
