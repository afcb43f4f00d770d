import re
import uuid

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from modelling.datasets.columns.description import describe
from modelling.datasets.columns.names import (
    entity_tier,
    names_amount,
    names_id,
    names_moment,
    words,
)
from modelling.datasets.columns.uniform import uniform
from modelling.datasets.samples import sample, samples
from modelling.types import ReadOptions, Role

N = 60
RNG = np.random.default_rng(0)
NOISE = {"x": RNG.normal(size=N), "y": RNG.integers(0, 2, N)}


def proposed(**columns):
    """Return the proposed role of each column, beside a number and a target."""
    frame = pd.DataFrame({**columns, **NOISE})
    return {info.name: info.role for info in describe(frame)}


def days(n=N):
    return pd.date_range("2024-01-01", periods=n).astype("datetime64[us]")


def text(values):
    return pd.Series(values, dtype="str")


# Names --------------------------------------------------------------------------------------


def test_names_are_taken_apart():
    assert words("customerID") == ("customer", "id")
    assert words("PULocationID") == ("pu", "location", "id")
    assert words("Date-of_birth 2") == ("date", "of", "birth", "2")
    assert words("Straße") == ("straße",)
    assert words("") == ()


@pytest.mark.parametrize(
    "name",
    ["id", "ID", "row_id", "customerID", "userid", "uuid", "order_no", "Phone Number", "key"],
)
def test_names_of_ids(name):
    assert names_id(name)


@pytest.mark.parametrize("name", ["paid", "valid", "humidity", "no", "number", "x", "", "monkey"])
def test_names_that_only_sound_like_ids(name):
    assert not names_id(name)


@pytest.mark.parametrize(
    ("name", "tier"),
    [
        ("customer", 0),
        ("customer_id", 0),
        ("CardNo", 0),
        ("patientid", 0),
        ("account number", 0),
        ("store_id", 1),
        ("device", 1),
        ("id", 2),
        ("n_customer", None),
        ("number_of_user", None),
        ("card_type", None),
        ("customer_age", None),
        ("customers", None),
        ("house_number", None),
        ("order_id", None),
        ("", None),
    ],
)
def test_names_of_entities(name, tier):
    assert entity_tier(name) == tier


@pytest.mark.parametrize(
    "name",
    ["date", "Timestamp", "order_date", "orderdate", "created_at", "when", "pickup_datetime"],
)
def test_names_of_when_a_row_happened(name):
    assert names_moment(name)


@pytest.mark.parametrize(
    "name",
    [
        *("birth_date", "DateOfBirth", "birthdate", "expiry_date", "valid_until", "end_date"),
        *("hire_date", "due_date", "last_login_date", "updated_at", "price", ""),
    ],
)
def test_names_of_other_dates(name):
    assert not names_moment(name)


@pytest.mark.parametrize("name", ["amount", "Amt", "transaction_amount", "Amount (EUR)"])
def test_names_of_amounts(name):
    assert names_amount(name)
    assert not names_amount(f"{name} of rain")


# Ids ----------------------------------------------------------------------------------------


def test_values_of_their_own_are_ids():
    shuffled = RNG.permutation(10_000)[:N]
    assert proposed(a=text([f"c{n}" for n in shuffled]))["a"] is Role.ID
    assert proposed(customer_id=shuffled)["customer_id"] is Role.ID
    assert proposed(customerID=shuffled)["customerID"] is Role.ID
    assert proposed(order_no=shuffled)["order_no"] is Role.ID
    assert proposed(height=shuffled)["height"] is Role.FEATURE
    assert proposed(paid=shuffled)["paid"] is Role.FEATURE
    assert proposed(id=shuffled + 0.5)["id"] is Role.FEATURE


def test_gaps_do_not_hide_an_id():
    shuffled = RNG.permutation(10_000)[:N].astype("float64")
    shuffled[:30] = np.nan
    assert proposed(user_id=shuffled)["user_id"] is Role.ID


def test_nineteen_rows_say_nothing_about_ids():
    for n, role in ((19, Role.FEATURE), (20, Role.ID)):
        (info,) = describe(pd.DataFrame({"a": text([f"c{i}" for i in range(n)])}))
        assert info.role is role


def test_nearly_all_different_is_enough():
    names = [f"c{n}" for n in range(57)]
    assert proposed(a=text([*names, *names[:3]]))["a"] is Role.ID
    names = [f"c{n}" for n in range(56)]
    assert proposed(a=text([*names, *names[:4]]))["a"] is Role.FEATURE


def test_hashes_are_ids_even_if_they_come_twice():
    hashes = [str(uuid.UUID(int=n)) for n in range(40)]
    assert proposed(a=text([*hashes, *hashes[:20]]))["a"] is Role.ID
    words_ = [f"word {n}" for n in range(40)]
    assert proposed(a=text([*words_, *words_[:20]]))["a"] is Role.FEATURE


def test_numbers_of_the_rows_are_ids_whatever_their_name():
    assert proposed(a=range(N))["a"] is Role.ID
    assert proposed(a=range(1000, 1000 + 5 * N, 5))["a"] is Role.ID
    assert proposed(a=range(N, 0, -1))["a"] is Role.FEATURE
    assert proposed(a=[*range(N - 1), 500])["a"] is Role.FEATURE


@pytest.mark.parametrize("name", ["year", "Week", "t", "hour_of_study", "time_step"])
def test_quantities_that_count_up_by_themselves_are_no_ids(name):
    assert proposed(**{name: range(1900, 1900 + N)})[name] is Role.FEATURE


def test_numbers_of_the_rows_are_features_if_there_is_nothing_else():
    frame = pd.DataFrame({"a": range(N), "y": NOISE["y"]})
    assert [info.role for info in describe(frame)] == [Role.FEATURE, Role.FEATURE]


def test_columns_without_two_values_are_left_out():
    columns = {"a": [7] * N, "b": [7.0, np.nan] * (N // 2), "c": text([None] * N)}
    frame = pd.DataFrame({**columns, **NOISE})
    infos = describe(frame)[:3]
    assert [info.role for info in infos] == [Role.IGNORE] * 3
    assert [info.reason for info in infos] == [
        "Every row has the same value.",
        "Every row that has one has the same value.",
        "No row has a value.",
    ]


# Groups -------------------------------------------------------------------------------------


def repeated(n_groups):
    return [n * 7 % n_groups * 13 + 5 for n in range(N)]


def test_an_entity_that_repeats_is_the_group():
    assert proposed(customer_id=repeated(20))["customer_id"] is Role.GROUP
    assert proposed(patient=text([f"P{n}" for n in repeated(20)]))["patient"] is Role.GROUP
    assert proposed(ID=repeated(20))["ID"] is Role.GROUP


@pytest.mark.parametrize("n_groups", [9, 31])
def test_few_or_lonely_entities_are_no_groups(n_groups):
    assert proposed(customer_id=repeated(n_groups))["customer_id"] is Role.FEATURE


def test_one_entity_in_most_rows_is_no_group():
    most = [1] * 31 + [n % 12 + 2 for n in range(29)]
    assert proposed(customer_id=most)["customer_id"] is Role.FEATURE
    assert proposed(customer_id=[2, *most[1:]])["customer_id"] is Role.GROUP


def test_attributes_of_entities_are_no_groups():
    roles = proposed(
        customer_age=repeated(20),
        n_customer=repeated(20),
        card_type=text([f"T{n}" for n in repeated(20)]),
        user=np.array(repeated(20)) + 0.5,
        driver=text(["anna", "ben", "cleo", *[f"{c}a" for c in "defghijklmnop"]] * 4)[:N],
    )
    assert set(roles.values()) == {Role.FEATURE}


def test_only_the_strongest_entity_is_the_group():
    roles = proposed(store_id=repeated(15), card_id=repeated(30), id=repeated(12))
    assert [name for name, role in roles.items() if role is Role.GROUP] == ["card_id"]
    # All visits of a patient stay together, so those of a visit do.
    roles = proposed(member_id=repeated(30), household_id=repeated(15))
    assert [name for name, role in roles.items() if role is Role.GROUP] == ["household_id"]


# Time ---------------------------------------------------------------------------------------


def test_a_date_whose_name_says_when_is_the_time():
    assert proposed(order_date=days())["order_date"] is Role.TIME


def test_other_dates_are_features_that_are_expanded():
    frame = pd.DataFrame({"birth_date": days(), "a": days(), **NOISE})
    for info in describe(frame)[:2]:
        assert info.role is Role.FEATURE
        assert info.reason == "A date; expanded to year, month, weekday, hour and age."


def test_dates_with_gaps_or_few_days_are_not_the_time():
    gaps = days().to_series(index=range(N))
    gaps[0] = None
    assert proposed(date=gaps)["date"] is Role.FEATURE
    assert proposed(date=days(9).repeat(7)[:N])["date"] is Role.FEATURE
    assert proposed(date=days(10).repeat(6))["date"] is Role.TIME


def test_only_one_date_is_the_time_the_plainest_name_or_the_sorted_one():
    shuffled = days()[RNG.permutation(N)]
    roles = proposed(ship_date=days(), date=shuffled)
    assert (roles["ship_date"], roles["date"]) == (Role.FEATURE, Role.TIME)
    roles = proposed(ship_date=shuffled, order_date=days())
    assert (roles["ship_date"], roles["order_date"]) == (Role.FEATURE, Role.TIME)


# Stakes -------------------------------------------------------------------------------------


def test_one_column_of_positive_amounts_is_the_stake():
    assert proposed(Amount=RNG.random(N))["Amount"] is Role.STAKE
    assert proposed(transaction_amt=RNG.integers(0, 9, N))["transaction_amt"] is Role.STAKE


def test_negative_amounts_or_several_are_features():
    assert proposed(amount=RNG.normal(size=N))["amount"] is Role.FEATURE
    roles = proposed(amount=RNG.random(N), amt=RNG.random(N), price=RNG.random(N))
    assert set(roles.values()) == {Role.FEATURE}


# The samples --------------------------------------------------------------------------------

TABLES = {
    made.name: pq.read_table(made.path)
    if made.path.suffix == ".parquet"
    else pa.Table.from_pandas(pd.read_csv(made.path, dtype="str", keep_default_na=False))
    for made in samples()
}


def roles_of(name):
    delimiter = None if sample(name).file.endswith("parquet") else ","
    made = uniform(TABLES[name], options=ReadOptions(), delimiter=delimiter)
    return describe(made.frame)


@pytest.mark.parametrize("made", samples(), ids=lambda made: made.name)
def test_the_roles_of_the_samples_are_those_that_they_are_made_for(made):
    roles = {info.name: info.role for info in roles_of(made.name)}
    found = {name: role for name, role in roles.items() if role not in (Role.FEATURE, Role.TEXT)}
    expected = {
        made.group: Role.GROUP,
        made.time: Role.TIME,
        made.stake: Role.STAKE,
        **dict.fromkeys(made.ids, Role.ID),
    }
    expected.pop(None, None)
    if made.name == "credit_risk":
        # The loan that is at stake: the sample leaves it open, the table alone cannot.
        expected["Amount"] = Role.STAKE
    assert found == expected


@pytest.mark.parametrize("made", samples(), ids=lambda made: made.name)
def test_each_role_has_a_reason_in_one_sentence(made):
    for info in roles_of(made.name):
        assert re.fullmatch(r"[A-Z][^\n]{8,110}\.", info.reason), info
