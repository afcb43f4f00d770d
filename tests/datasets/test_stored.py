"""Parts of a stored table, and the first rows without locked ones."""

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from modelling.datasets.stored import ROW_GROUP_ROWS, first_rows, read_columns, write_table


def written(tmp_path, n_rows: int):
    path = tmp_path / "t.parquet"
    pd.DataFrame({"n": np.arange(n_rows), "s": [f"v{i}" for i in range(n_rows)]}).to_parquet(path)
    return path


def locked(tmp_path, name: str, rows):
    path = tmp_path / f"{name}.npz"
    np.savez(path, train=np.array([0]), test=np.asarray(rows))
    return path


def test_the_first_rows_come_in_order(tmp_path):
    assert first_rows(written(tmp_path, 10), 3, [])["n"].tolist() == [0, 1, 2]


def test_rows_that_any_experiment_has_locked_are_left_out(tmp_path):
    splits = [locked(tmp_path, "a", [0, 2]), locked(tmp_path, "b", [2, 3])]
    assert first_rows(written(tmp_path, 8), 3, splits)["n"].tolist() == [1, 4, 5]


def test_it_reads_on_until_it_has_enough(tmp_path):
    split = locked(tmp_path, "a", np.arange(2_500))
    shown = first_rows(written(tmp_path, 3_000), 4, [split])
    assert shown["n"].tolist() == [2_500, 2_501, 2_502, 2_503]


def test_a_table_that_is_locked_as_a_whole_shows_its_columns_only(tmp_path):
    shown = first_rows(written(tmp_path, 5), 4, [locked(tmp_path, "a", range(5))])
    assert shown.empty
    assert list(shown.columns) == ["n", "s"]


def test_a_table_comes_back_as_it_was_written_column_by_column(tmp_path):
    frame = pd.DataFrame(
        {
            "n": [1, 2, 3],
            "x": [0.5, np.nan, 2.0],
            "s": pd.Series(["a", None, "c"], dtype="str"),
            "d": pd.to_datetime(["2024-01-01", None, "2024-01-03"]).astype("datetime64[us]"),
        }
    )
    write_table(frame, tmp_path / "t.parquet")
    for names in (["n", "x", "s", "d"], ["d", "n"], ["s"]):
        pd.testing.assert_frame_equal(read_columns(tmp_path / "t.parquet", names), frame[names])


def test_a_large_table_is_stored_in_groups_so_that_its_start_is_quick_to_read(tmp_path):
    frame = pd.DataFrame({"n": np.arange(ROW_GROUP_ROWS + 5)})
    write_table(frame, tmp_path / "t.parquet")
    assert pq.ParquetFile(tmp_path / "t.parquet").num_row_groups == 2
    assert first_rows(tmp_path / "t.parquet", 3)["n"].tolist() == [0, 1, 2]
