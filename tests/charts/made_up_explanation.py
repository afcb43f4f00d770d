"""What a made-up model goes by."""

from modelling.types import ColumnEffect, ColumnWeight, Explanation


def make_explanation(name: str = "age", *, n_columns: int = 3, n_rows: int = 5) -> Explanation:
    """Return an explanation of two answers, by a column of that name and others like it."""
    columns = [name, *(f"{name} {i}" for i in range(1, n_columns))]
    return Explanation(
        row="run:tree:base",
        outputs=(name, f"not {name}"),
        weights=tuple(
            ColumnWeight(column=column, lost=0.1 / (i + 1), spread=0.01, shares=(0.2, 0.1))
            for i, column in enumerate(columns)
        ),
        effects=(
            ColumnEffect(
                column=columns[0],
                values=(1.0, 2.0, 3.0),
                means=((0.2, 0.3, 0.5), (0.8, 0.7, 0.5)),
                own=(None, *(float(i) for i in range(1, n_rows))),
                amounts=((0.1,) * n_rows, (-0.1,) * n_rows),
            ),
            ColumnEffect(
                column=columns[-1],
                values=(name, "other"),
                means=((0.4, 0.2), (0.6, 0.8)),
                own=(name,) * n_rows,
                amounts=((0.1,) * n_rows, (-0.1,) * n_rows),
            ),
        ),
        n_shuffled=200,
        n_explained=n_rows,
        cpu_s=1.5,
    )
