"""The environment, read once: every mistake at once, in plain words, without any secret."""

from __future__ import annotations

import pytest

from app.settings import Settings, SettingsError, read_settings


def mistakes(monkeypatch: pytest.MonkeyPatch, **environment: str) -> tuple[str, ...]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    return refused.value.mistakes


def test_only_the_secret_key_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mistakes(monkeypatch) == ("SECRET_KEY is not set; it is required",)
    monkeypatch.setenv("SECRET_KEY", "of the demo")

    settings = read_settings()

    assert settings.database_url == "sqlite:///var/vakt.db"
    assert settings.public_url == "http://localhost:8000"
    assert settings.twilio_api_url == "https://api.twilio.com"
    assert settings.twilio_auth_token == ()
    assert not settings.vakt_exchange
    assert settings.port == 8000


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mistakes(monkeypatch, SECRET_KEY="", PORT="", DATABASE_URL="") == (
        "SECRET_KEY is not set; it is required",
    )


def test_every_mistake_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = mistakes(
        monkeypatch,
        DATABASE_URL="mysql://localhost/vakt",
        PUBLIC_URL="vakt.example.org",
        TWILIO_API_URL="https://api.twilio.com?key=1",
        TWILIO_API_KEY="SK1",
        SMTP_URL="mail.example.org",
        VAKT_HEARTBEAT_URL="watch.example.org/ping",
        VAKT_EXCHANGE="perhaps",
        PORT="eight",
    )

    assert [line.split()[0] for line in told] == [
        "SECRET_KEY",
        "DATABASE_URL",
        "PUBLIC_URL",
        "TWILIO_API_URL",
        "TWILIO_API_SECRET",
        "SMTP_URL",
        "VAKT_EXCHANGE",
        "VAKT_HEARTBEAT_URL",
        "PORT",
    ]


def test_no_mistake_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    told = mistakes(
        monkeypatch,
        DATABASE_URL="mysql://user:hush@localhost/vakt",
        SMTP_URL="ftp://user:hush@mail.example.org",
        TWILIO_API_SECRET="hush",
    )

    assert "hush" not in "".join(told)


def test_settings_do_not_show_their_secrets() -> None:
    settings = Settings(
        secret_key="hush",
        database_url="postgresql+psycopg://vakt:hush@localhost/vakt",
        twilio_auth_token=("hush",),
    )

    assert "hush" not in repr(settings)


def test_old_and_new_token_stand_together_separated_by_a_comma(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", " new, old ,")

    assert read_settings().twilio_auth_token == ("new", "old")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9000", "http://localhost:9000", "http://[::1]:9000"]
)
def test_the_exchange_may_set_the_moment_on_this_machine(url: str) -> None:
    settings = Settings(secret_key="x", twilio_api_url=url, vakt_exchange=True)

    assert settings.vakt_exchange


@pytest.mark.parametrize(
    "url",
    ["https://api.twilio.com", "http://localhost.example.org", "http://127.0.0.1.nip.example"],
)
def test_the_exchange_never_stands_beside_a_real_network(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    told = mistakes(monkeypatch, SECRET_KEY="x", VAKT_EXCHANGE="1", TWILIO_API_URL=url)

    assert told == ("VAKT_EXCHANGE may only be 1 when TWILIO_API_URL is on this machine",)


@pytest.mark.parametrize("given", ["postgres://db/vakt", "postgresql://db/vakt"])
def test_a_platforms_spelling_of_the_database_is_understood(given: str) -> None:
    settings = Settings(secret_key="x", database_url=given)

    assert settings.database_url == "postgresql+psycopg://db/vakt"


def test_the_public_address_has_no_slash_at_its_end() -> None:
    assert (
        Settings(secret_key="x", public_url="https://v.example/").public_url == "https://v.example"
    )


def test_the_store_of_documents_is_reached_privately(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "of the test")
    assert mistakes(
        monkeypatch,
        VAKT_LIFELINE_PUSH_URL="http://files.example.org/vakt",
        VAKT_LIFELINE_PUSH_HEADER="Bearer secret",
        VAKT_LIFELINE_PUBLIC_URL="https://files.example.org/vakt?sig=1",
    ) == (
        "VAKT_LIFELINE_PUSH_URL must be an address such as https://files.example.org/vakt",
        "VAKT_LIFELINE_PUSH_HEADER must be a name and a value, such as Authorization: Bearer …",
        "VAKT_LIFELINE_PUBLIC_URL must be an address such as https://files.example.org/vakt",
    )

    monkeypatch.setenv("VAKT_LIFELINE_PUSH_URL", "https://files.example.org/vakt?sig=1")
    monkeypatch.setenv("VAKT_LIFELINE_PUSH_HEADER", "Authorization: Bearer secret")
    monkeypatch.setenv("VAKT_LIFELINE_PUBLIC_URL", "https://name:word@files.example.org/vakt/")
    settings = read_settings()
    assert settings.vakt_lifeline_public_url == "https://name:word@files.example.org/vakt"
    assert "secret" not in repr(settings)
    assert "sig=1" not in repr(settings)


def test_where_documents_are_read_is_of_no_use_when_none_are_put_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", "of the test")
    told = mistakes(monkeypatch, VAKT_LIFELINE_PUBLIC_URL="https://files.example.org/vakt")
    assert told == ("VAKT_LIFELINE_PUBLIC_URL is of no use without VAKT_LIFELINE_PUSH_URL",)
