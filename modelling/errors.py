"""What can go wrong, as one tree.

ModellingError              what a user can cure; its text is shown as it is
├── DataError               the file or table cannot be used as it is
│   └── UnreadableFileError the bytes are no table that we read
├── TaskError               target, metric, split or roles do not fit the data
├── SpecError               a model, budget or option is unknown or out of range
├── NotFoundError           no such data set, experiment, run or model
├── StoreError              the workspace cannot be read or written
└── FitError                one fit failed; becomes a failed row, never ends a run
    └── LimitError          the fit was ended at its CPU, wall-time or memory limit

A message says what is wrong, what was expected, what came, and the next step.
"""


class ModellingError(Exception):
    """Something that the user can cure."""


class DataError(ModellingError):
    """The file or the table cannot be used as it is."""


class UnreadableFileError(DataError):
    """The bytes are no table that this product reads."""


class TaskError(ModellingError):
    """Target, metric, split or roles do not fit the data."""


class SpecError(ModellingError):
    """A model key, a budget or an option is unknown or out of range."""


class NotFoundError(ModellingError):
    """No such data set, experiment, run or model in this workspace."""


class StoreError(ModellingError):
    """The workspace cannot be read or written."""


class FitError(ModellingError):
    """One fit failed; the run goes on."""


class LimitError(FitError):
    """A fit was ended at its CPU, wall-time or memory limit."""
