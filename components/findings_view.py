"""What is worth knowing before a minute is spent, with a click to cure it where there is one."""

from __future__ import annotations

import hashlib

import streamlit as st

from components import errors, roles_table, state
from components.resources import workbench
from components.text import sentences
from modelling.charts.wording import counted
from modelling.types import DatasetRef, Finding, Fix, FixKind, Profile, Role, Severity
from modelling.workbench import TaskChoices, Workbench

POLL_S = 0.5
_COLOURS = {Severity.HIGH: "red", Severity.MEDIUM: "orange", Severity.LOW: "gray"}
_CHECKED = "data_checked"


def profile_of(
    bench: Workbench, ref: DatasetRef, choices: TaskChoices, test: str | None
) -> Profile | None:
    """Return the profile under these choices; while it is made, the one before, or None.

    The page comes again by itself once it is there.
    """
    with errors.shown():
        fresh = bench.profile_soon(ref.id, choices, test_dataset_id=test)
        if fresh is not None:
            st.session_state[_CHECKED] = (ref.id, choices, test)
            return fresh
        st.fragment(_wait, run_every=POLL_S)(bench, ref.id, choices, test)
    before = st.session_state.get(_CHECKED)
    if before is None or before[0] != ref.id:
        return None
    return bench.profile_soon(before[0], before[1], test_dataset_id=before[2])


def show(ref: DatasetRef, profile: Profile | None, *, can_split: bool) -> None:
    """List the findings, which come the worst first, with minor ones folded away."""
    st.subheader("What to know before you start")
    errors.pending("data_fix")
    if profile is None:
        return
    with st.container(key="data_findings"):
        _listed(ref, profile, can_split=can_split)


def _listed(ref: DatasetRef, profile: Profile, *, can_split: bool) -> None:
    minor = [item for item in profile.findings if item.severity is Severity.LOW]
    major = [item for item in profile.findings if item.severity is not Severity.LOW]
    for finding in major:
        _finding(ref, finding)
    if not major and can_split:
        st.markdown("Nothing that would mislead a comparison was found.")
    if minor:
        with st.expander(counted(len(minor), "minor note"), key="data_minor_findings"):
            for finding in minor:
                _finding(ref, finding)


def _wait(bench: Workbench, dataset_id: str, choices: TaskChoices, test: str | None) -> None:
    with errors.shown():
        if bench.profile_soon(dataset_id, choices, test_dataset_id=test) is not None:
            st.rerun()
        st.caption("⏳ Checking the data under these choices…")


def _finding(ref: DatasetRef, finding: Finding) -> None:
    badge = f":{_COLOURS[finding.severity]}-badge[{finding.severity}]"
    text = f"{badge} {sentences(finding.message)} {sentences(finding.advice)}"
    if finding.fix is None:
        st.markdown(text)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(text, width="stretch")
        st.button(
            sentences(finding.fix.label),
            key=f"data_fix_{_short(finding)}",
            on_click=_apply,
            args=(ref, finding.fix),
        )


def _short(finding: Finding) -> str:
    text = f"{finding.code} {finding.column}"
    return f"{finding.code}_{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def _apply(ref: DatasetRef, fix: Fix) -> None:
    with errors.kept("data_fix"):
        bench = workbench()
        draft = st.session_state
        match fix.kind:
            case FixKind.ROLE:
                proposed = bench.proposed_choices(ref.id, draft["data_target"])
                use = Role(fix.values[0])
                roles_table.set_role(bench, ref, proposed, str(fix.column), use)
            case FixKind.SPLIT:
                draft["data_split_strategy"] = fix.values[0]
            case FixKind.MERGE_RARE:
                draft["data_merge_below"] = int(fix.values[0])
            case FixKind.SCALE:
                draft["data_scale"] = fix.values[0]
            case _:
                state.open_dataset(bench.amend(ref.id, fix).id)
