"""The `vakt` command in a home of its own that the test throws away.

Most tests call it in their own process, which is the same command without a second of
imports; `as_process` is the real thing, once for each command.
"""

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from app.cli import main

ROOT = Path(__file__).parent.parent.parent
VAKT = (sys.executable, "-m", "app.cli")
SHARED = ("voice_prompts", "rosters", "gunicorn.conf.py")


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


@dataclass
class Terminal:
    """Somebody who types commands. `home` holds the product's texts and desks, and its var."""

    home: Path
    database_url: str = ""

    def __post_init__(self) -> None:
        for name in SHARED:
            (self.home / name).symlink_to(ROOT / name)

    @property
    def own(self) -> dict[str, str]:
        own = {"VAKT_HOME": str(self.home), "VAKT_LIFELINE": str(self.home / "lifeline.json")}
        return own | ({"DATABASE_URL": self.database_url} if self.database_url else {})

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(ROOT), **self.own}

    def vakt(self, *words: str, **more: str) -> Done:
        with contextlib.chdir(self.home):
            done = CliRunner().invoke(main, words, env={**self.own, **more}, prog_name="vakt")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    def as_process(self, *words: str, **more: str) -> Done:
        done = subprocess.run(
            [*VAKT, *words],
            cwd=self.home,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def does(self, *words: str, **more: str) -> str:
        """What the command prints; it must do what it was asked."""
        done = self.vakt(*words, **more)
        assert done.code == 0, done.err
        return done.out

    def is_refused(self, *words: str, **more: str) -> str:
        """What the command prints on standard error when it refuses."""
        done = self.vakt(*words, **more)
        assert done.code == 1, (done.out, done.err)
        return done.err

    def is_wrong(self, *words: str, **more: str) -> str:
        """What the command prints when it is used wrongly."""
        done = self.vakt(*words, **more)
        assert done.code == 2, (done.out, done.err)
        return done.err
