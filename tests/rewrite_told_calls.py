"""`python -m tests.rewrite_told_calls [FILE…]`: writes the told calls anew, to be reviewed with
git diff.

Only the computed lines change; what was done, the story and the given facts stay.
"""

import sys
from pathlib import Path

from tests.support.told_calls import rewrite, told_calls


def main(names: list[str]) -> None:
    """Rewrite the named files, or all of them, and name those that changed."""
    for path in [Path(name) for name in names] or told_calls():
        before = path.read_text("utf-8")
        after = rewrite(before)
        if after != before:
            path.write_text(after, "utf-8")
            print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
