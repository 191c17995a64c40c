"""No secret of the environment stands in an answer or in the log, whatever fails."""

from __future__ import annotations

import io
import logging
from pathlib import Path

from app.logs import configure
from tests.support.fake_twilio import FakeTwilio, a_web, settings
from tests.tools.fuzz.endpoints import api_doors, other_doors, telephone_doors

SECRET = "s3cr3t"
NOWHERE = f"postgresql+psycopg://vakt:{SECRET}-database@127.0.0.1:1/vakt"


def test_with_everything_away_no_door_tells_a_secret(tmp_path: Path) -> None:
    how = settings(
        NOWHERE,
        tmp_path,
        secret_key=f"{SECRET}-key",
        twilio_auth_token=(f"{SECRET}-token", f"{SECRET}-old"),
        twilio_api_key="SK1",
        twilio_api_secret=f"{SECRET}-api",
        smtp_url=f"smtp://user:{SECRET}-mail@127.0.0.1:1",
        vakt_heartbeat_url=f"http://127.0.0.1:1/{SECRET}-beat",
    )
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers
    with a_web(how, moved_in=False) as app:
        configure(stream)
        network = FakeTwilio(app.test_client(), token=f"{SECRET}-token")
        database = app.extensions["vakt"].database
        answers = [
            network.client.open(
                door.path(),
                method=door.method,
                headers={"Authorization": f"Bearer vakt_{SECRET}", "Cookie": f"a={SECRET}"},
            )
            for door in (*telephone_doors(app), *other_doors(app), *api_doors(database))
        ]
        answers += [
            network.post(door.path(), MessageSid="SM1", RecordingSid="RE1", Digits="1")
            for door in telephone_doors(app)
            if door.method == "POST"
        ]
    root.handlers = before

    assert len(answers) > 40
    told = b"".join(answer.data + repr(answer.headers).encode() for answer in answers)
    assert SECRET.encode() not in told
    assert "database_away" in stream.getvalue()
    assert SECRET not in stream.getvalue() + repr(how)
