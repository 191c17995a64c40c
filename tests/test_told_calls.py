"""Every told call in tests/calls goes just as it was told and reviewed."""

from pathlib import Path

import pytest

from tests.support.told_calls import CALLS, rewrite, told_calls


@pytest.mark.parametrize("path", told_calls(), ids=lambda path: str(path.relative_to(CALLS))[:-4])
def test_the_call_goes_as_it_is_told(path: Path) -> None:
    told = path.read_text("utf-8")
    assert rewrite(told) == told
