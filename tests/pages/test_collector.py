"""What is loaded for good is out of the garbage collector's sight, once."""

import gc

import pytest

from components import collector


def test_what_is_loaded_is_exempt_until_much_more_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(collector._seen, "modules", 0)
    gc.unfreeze()
    collector.spare_modules()
    exempt = gc.get_freeze_count()
    assert exempt > 10_000
    gc.unfreeze()
    collector.spare_modules()
    assert gc.get_freeze_count() == 0
