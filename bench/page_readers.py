"""People with the page Now open: each asks for its live part every two seconds, as its script does.

A process of its own, so that it does not slow the client that times the telephone:
`python -m bench.page_readers PORT COOKIE READERS`. It says when it reads; on SIGTERM it tells what
it was answered.
"""

import http.client
import json
import signal
import sys
from collections import Counter
from itertools import cycle
from time import monotonic, sleep
from types import FrameType

READING = "reading"  # said once the first has its answer: a busy machine takes long to get there
LIVE_PART = "/now/desks"
EVERY = 2.0  # seconds: as long as the script waits


class Over(Exception):
    """The round is over."""


def read_pages(port: int, cookie: str, readers: int) -> Counter[str]:
    """Ask until the round is over; count the answers by their status."""
    seen: list[str] = [""] * readers
    answers: Counter[str] = Counter()
    connection, due = http.client.HTTPConnection("127.0.0.1", port, timeout=30), monotonic()
    try:
        for reader in cycle(range(readers)):
            due += EVERY / readers
            sleep(max(0.0, due - monotonic()))
            headers = {"Cookie": cookie, "Accept-Encoding": "gzip"}
            if seen[reader]:
                headers["If-None-Match"] = seen[reader]
            try:
                connection.request("GET", LIVE_PART, headers=headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                answers["none"] += 1
                continue
            answers["first" if not seen[reader] else str(answer.status)] += 1
            if answers.total() == 1:
                print(READING, flush=True)
            seen[reader] = answer.headers.get("ETag", "")
    except Over:
        connection.close()
    return answers


def _over(_number: int, _frame: FrameType | None) -> None:
    raise Over


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _over)
    sys.stdout.write(json.dumps(read_pages(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
