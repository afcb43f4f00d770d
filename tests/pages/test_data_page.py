"""From a file to an experiment."""

import time

import pytest

from components.text import plain
from tests.pages.conftest import texts, write_table


def open_sample(open_empty, name: str):
    app = open_empty("home")
    app.button(key=f"home_sample_{name}").click().run()
    assert not app.exception
    return app


def uses(app) -> dict[str, str]:
    """Return the use of each column as the table of roles shows it."""
    (table,) = [item.value for item in app.dataframe if "use" in item.value]
    return dict(zip(table["column"], table["use"], strict=True))


def edit_use(app, column: str, use: str):
    """Choose another use in the table of roles, as a click into its cell does."""
    row = list(uses(app)).index(column)
    version = app.session_state["data_roles_version"]
    app.session_state[f"data_roles_{version}"] = {
        "edited_rows": {row: {"use": use}},
        "added_rows": [],
        "deleted_rows": [],
    }
    return app.run()


def until_checked(app):
    """Let the page come again until the data were looked at."""
    for _ in range(100):
        if "Checking the data" not in texts(app):
            return app
        time.sleep(0.1)
        app.run()
    raise AssertionError("the data were not checked in time")


def test_a_sample_lands_on_the_data_page_with_its_own_task(open_empty):
    app = open_sample(open_empty, "card_transactions")
    assert app.title[0].value == "Data"
    assert app.query_params["dataset"]
    shown = {box.key: box.value for box in app.selectbox}
    assert shown["data_target"] == "fraud"
    assert shown["data_positive"] == "True"
    assert shown["data_split_strategy"] == "group"
    used = uses(app)
    assert "fraud" not in used
    assert (used["card_id"], used["datetime"], used["amount"]) == ("group", "time", "stake")
    assert used["transaction_id"] in ("id", "ignore")
    assert used["provider"] == "feature"
    assert "Licence BSD\\-3\\-Clause" in texts(app)


def test_create_experiment_leads_to_the_benchmark_of_it(open_empty):
    app = open_sample(open_empty, "hpc_jobs")
    app.button(key="data_create").click().run()
    assert not app.exception
    assert app.title[0].value == "Benchmark"
    assert len(app.query_params["experiment"]) == 32
    assert "3,248 training rows" in texts(app)
    assert "judged by Balanced accuracy" in texts(app)


def test_an_uploaded_file_is_read_and_its_names_are_shown_as_they_are(open_empty, tmp_path):
    app = open_empty("data")
    path = write_table(tmp_path / "a **table**.csv")
    app.file_uploader(key="data_upload").set_value((path.name, path.read_bytes(), "text/csv")).run()
    assert not app.exception
    assert not app.error
    assert "300" in texts(app)
    assert plain("a **table**.csv") in texts(app)
    assert app.selectbox(key="data_target").value == "answer"
    assert app.selectbox(key="data_positive").value == "yes"
    assert "data_upload" not in [item.key for item in app.file_uploader]


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.csv", b""), ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 99), ("one.csv", b"a\n")],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(open_empty, name, content):
    app = open_empty("data")
    app.file_uploader(key="data_upload").set_value((name, content, "text/csv")).run()
    assert len(app.error) == 1
    assert "Traceback" not in app.error[0].value
    assert not app.exception
    assert app.file_uploader


def test_another_target_brings_another_task(open_page, finished):
    app = open_page("data", dataset=finished.dataset)
    assert app.selectbox(key="data_kind").value == "binary"
    app.selectbox(key="data_target").set_value("signal").run()
    assert app.selectbox(key="data_kind").value == "regression"
    assert app.selectbox(key="data_metric").value == "neg_root_mean_squared_error"
    assert "data_positive" not in [box.key for box in app.selectbox]
    app.selectbox(key="data_target").set_value("answer").run()
    assert app.selectbox(key="data_positive").value == "yes"


def test_a_group_column_brings_the_split_by_group(open_page, finished):
    app = open_page("data", dataset=finished.dataset)
    assert app.selectbox(key="data_split_strategy").value == "stratified"
    edit_use(app, "**bold** :smile: $x$", "group")
    assert app.selectbox(key="data_split_strategy").value == "group"
    edit_use(app, "**bold** :smile: $x$", "feature")
    assert app.selectbox(key="data_split_strategy").value == "stratified"


def test_two_groups_are_refused_where_they_were_chosen(open_page, finished):
    app = open_page("data", dataset=finished.dataset)
    version = app.session_state["data_roles_version"]
    app.session_state[f"data_roles_{version}"] = {
        "edited_rows": {0: {"use": "group"}, 1: {"use": "group"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    app.number_input(key="data_folds").set_value(4)
    app.run()
    assert not app.exception
    assert "both have the use group" in app.error[0].value
    assert app.number_input(key="data_folds").value == 4


def test_what_does_not_fit_is_said_before_anything_is_made(open_page, finished):
    app = open_page("data", dataset=finished.dataset)
    n_before = len(finished.workbench.experiments())
    app.selectbox(key="data_target").set_value("answer").run()
    app.selectbox(key="data_kind").set_value("regression").run()
    assert "regression needs numbers" in app.error[0].value
    assert app.button(key="data_create").disabled
    assert len(finished.workbench.experiments()) == n_before
    app.selectbox(key="data_kind").set_value("binary").run()
    assert not app.error


def test_the_choices_of_the_form_reach_the_experiment(open_page, finished):
    app = open_page("data", dataset=finished.dataset)
    app.selectbox(key="data_positive").set_value("no")
    app.selectbox(key="data_metric").set_value("average_precision")
    app.number_input(key="data_test_percent").set_value(40)
    app.number_input(key="data_folds").set_value(3)
    app.number_input(key="data_seed").set_value(5)
    edit_use(app, "noise", "ignore")
    app.button(key="data_create").click().run()
    assert not app.error
    made = finished.workbench.experiment(app.query_params["experiment"])
    assert made.task.positive == "no"
    assert made.task.metric == "average_precision"
    assert made.task.features == ("signal", "**bold** :smile: $x$")
    assert (made.task.folds, made.task.seed) == (3, 5)
    assert made.n_test == 120


def test_class_weights_reach_the_experiment_and_its_pages_say_so(open_page, finished):
    app = open_page("data", dataset=finished.dataset)
    weights = app.selectbox(key="data_class_weight")
    assert weights.value == "none"
    assert "probabilities are then no longer those of the data" in weights.help
    weights.set_value("balanced").run()
    app.button(key="data_create").click().run()
    assert not app.exception
    assert app.title[0].value == "Benchmark"
    assert "classes weighted equally" in texts(app)
    made = finished.workbench.experiment(app.query_params["experiment"])
    assert made.task.class_weight == "balanced"
    assert "weighted" not in texts(open_page("benchmark", experiment=finished.fresh))


def test_only_classes_are_offered_weights_and_another_target_starts_without(open_page, finished):
    app = open_page("data", dataset=finished.dataset)
    app.selectbox(key="data_class_weight").set_value("balanced").run()
    app.selectbox(key="data_target").set_value("signal").run()
    assert "data_class_weight" not in [box.key for box in app.selectbox]
    assert "data_scale" in [box.key for box in app.selectbox]
    app.selectbox(key="data_kind").set_value("multiclass").run()
    assert app.selectbox(key="data_class_weight").value == "none"
    assert "data_merge_below" in [box.key for box in app.number_input]


def test_the_way_back_from_an_experiment_leads_to_its_data(open_page, finished):
    app = open_page("data", experiment=finished.tuned)
    assert app.selectbox(key="data_target").value == "answer"


@pytest.mark.parametrize("query", [{"dataset": "0" * 64}, {"experiment": "0" * 32}])
def test_a_data_set_that_is_not_there_is_said_and_another_can_be_brought(open_page, query):
    app = open_page("data", **query)
    assert not app.exception
    assert "not in this workspace" in app.warning[0].value
    assert app.file_uploader


def test_a_test_file_that_is_still_to_come_keeps_the_experiment_from_being_made(
    open_page, finished
):
    app = open_page("data", dataset=finished.dataset)
    app.number_input(key="data_test_percent").set_value(40).run()
    app.selectbox(key="data_test_source").set_value("file").run()
    assert "Upload the test file" in app.error[0].value
    assert "data_create" not in [button.key for button in app.button]
    app.selectbox(key="data_test_source").set_value("share").run()
    assert app.number_input(key="data_test_percent").value == 40
    assert not app.button(key="data_create").disabled


def test_the_menu_leads_back_to_the_data_set_that_was_open(open_page, finished):
    app = open_page("data", dataset=finished.dataset)
    app.switch_page("pages/home.py").run()
    del app.query_params["dataset"]
    app.switch_page("pages/data.py").run()
    assert app.selectbox(key="data_target").value == "answer"
    app.button(key="data_another").click().run()
    assert app.file_uploader


def test_classes_are_described_where_there_is_text(open_page, finished):
    data = finished.workbench.add_sample("tweet_sentiment")
    app = until_checked(open_page("data", dataset=data.id))
    app.text_input(key="data_label_0").set_value("an unhappy mood").run()
    app.button(key="data_create").click().run()
    assert not app.exception
    experiment = finished.workbench.experiment(app.query_params["experiment"])
    assert experiment.task.label_texts == ("an unhappy mood", "neutral", "positive")
    offered = app.multiselect(key="benchmark_models").value
    assert {"vader", "wordllama_zero_shot", "tfidf_logistic"} <= set(offered)


def test_without_text_no_class_is_described(open_empty):
    app = until_checked(open_sample(open_empty, "credit_risk"))
    assert not [field for field in app.text_input if field.key.startswith("data_label")]
