import gc

import pytest

from modelling.settings import use_one_thread

# Before scikit-learn and LightGBM load: on a busy machine their threads cost more than they give.
use_one_thread()


@pytest.fixture(scope="module", autouse=True)
def _spare_what_is_loaded() -> None:
    """Keep libraries and thousands of collected tests out of the garbage collector's sight.

    Streamlit collects all garbage after every rerun, statsmodels in every call: 0.1 to 0.3 s each.
    """
    gc.freeze()
