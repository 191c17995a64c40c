"""Which tests run on one database alone; any other that asks for a database runs on both.

One is enough where a test turns on a decision, a text or a file, and another test sends PostgreSQL
all that this one would: the first of the action's tests, or one of tests/store. Where two come at
the same time, it stays on both.
"""

import pytest

ONE_DATABASE = pytest.mark.parametrize("backend", ["sqlite"])
