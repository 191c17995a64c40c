"""The environment, read once: every mistake at once, in plain words, without any secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import create_app
from app.settings import Settings, SettingsError, read_settings, read_web_settings
from app.voice_prompts import texts

DEPLOY = Path(__file__).parent.parent / "deploy"


def mistakes(monkeypatch: pytest.MonkeyPatch, **environment: str) -> tuple[str, ...]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        read_web_settings()
    return tuple(texts().write(each, "en") for each in refused.value.mistakes)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "nb_NO.UTF-8",
            "Innstillingene kan ikke brukes:\n"
            "VAKT_EXCHANGE må være 1 eller 0\n"
            "SECRET_KEY er ikke satt; den må settes\n"
            "PORT må være fra 1 til 65535\n",
        ),
        (
            "nn_NO.UTF-8",
            "Innstillingane kan ikkje brukast:\n"
            "VAKT_EXCHANGE må vere 1 eller 0\n"
            "SECRET_KEY er ikkje sett; ho må setjast\n"
            "PORT må vere frå 1 til 65535\n",
        ),
        (
            "C",
            "The settings cannot be used:\n"
            "VAKT_EXCHANGE must be 1 or 0\n"
            "SECRET_KEY is not set; it is required\n"
            "PORT must be between 1 and 65535\n",
        ),
    ],
)
def test_a_start_is_refused_in_the_language_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, told: str
) -> None:
    for name, value in {"LC_ALL": language, "VAKT_EXCHANGE": "perhaps", "PORT": "0"}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit):
        create_app()

    assert capsys.readouterr().err == told


def test_only_the_secret_key_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mistakes(monkeypatch) == ("SECRET_KEY is not set; it is required",)
    monkeypatch.setenv("SECRET_KEY", "of the demo")

    settings = read_web_settings()

    assert settings.database_url == "sqlite:///var/vakt.db"
    assert settings.public_url == "http://localhost:8000"
    assert settings.twilio_api_url == "https://api.twilio.com"
    assert settings.twilio_auth_token == ()
    assert not settings.vakt_exchange
    assert settings.port == 8000


def test_who_serves_no_web_needs_no_secret_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    assert read_settings().secret_key == ""


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    required = ("SECRET_KEY is not set; it is required",)
    assert mistakes(monkeypatch, SECRET_KEY="", PORT="", DATABASE_URL="") == required
    assert mistakes(monkeypatch, SECRET_KEY=" \n") == required


def test_an_example_that_is_not_filled_in_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example's values are known to everybody: a signature made with them proves nothing."""
    lines = (DEPLOY / "vaktlinje.env.example").read_text("utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    unfilled = {name for name, value in example.items() if "CHANGE-ME" in value}

    told = mistakes(monkeypatch, **example)

    assert {"SECRET_KEY", "TWILIO_AUTH_TOKEN", "DATABASE_URL"} <= unfilled
    assert set(told) == {
        f"{each} still says CHANGE-ME: put in a value of your own" for each in unfilled
    }


def test_a_placeholder_beside_a_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    told = mistakes(monkeypatch, SECRET_KEY="x", TWILIO_AUTH_TOKEN="0123456789abcdef,CHANGE-ME")

    assert told == ("TWILIO_AUTH_TOKEN still says CHANGE-ME: put in a value of your own",)


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
        "DATABASE_URL",
        "PUBLIC_URL",
        "TWILIO_API_URL",
        "TWILIO_API_SECRET",
        "VAKT_EXCHANGE",
        "SMTP_URL",
        "VAKT_HEARTBEAT_URL",
        "SECRET_KEY",
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
    assert told == ("VAKT_LIFELINE_PUBLIC_URL has no effect without VAKT_LIFELINE_PUSH_URL",)


@pytest.mark.parametrize(
    "written",
    [
        "https://vakt.example.org ",
        "\thttps://vakt.example.org/\n",
        "https://vakt.example.org\u00a0",
        "\u200ehttps://vakt.example.org\ufeff",
        "HTTPS://Vakt.Example.ORG/",
    ],
)
def test_white_space_and_capitals_in_the_address_cost_no_call(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("PUBLIC_URL", written)

    assert read_settings().public_url == "https://vakt.example.org"


def test_every_setting_is_stripped(monkeypatch: pytest.MonkeyPatch) -> None:
    written = {
        "SECRET_KEY": "key",
        "DATABASE_URL": "postgresql+psycopg://vakt:hush@db/vakt",
        "PUBLIC_URL": "https://vakt.example.org",
        "TWILIO_API_URL": "http://127.0.0.1:9000",
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "token",
        "TWILIO_API_KEY": "SK1",
        "TWILIO_API_SECRET": "hush",
        "SMTP_URL": "smtp://mail.example.org",
        "VAKT_EXCHANGE": "1",
        "VAKT_HEARTBEAT_URL": "https://watch.example.org/ping",
        "VAKT_METRICS_TOKEN": "hush",
        "VAKT_LIFELINE": "var/elsewhere.json",
        "VAKT_LIFELINE_PUSH_URL": "https://files.example.org/vakt",
        "VAKT_LIFELINE_PUSH_HEADER": "Authorization: Bearer hush",
        "VAKT_LIFELINE_PUBLIC_URL": "https://files.example.org/vakt",
        "PORT": "8001",
    }
    for name, value in written.items():
        monkeypatch.setenv(name, value)
    plain = read_web_settings()
    for name, value in written.items():
        monkeypatch.setenv(name, f" \t{value}\r\n")

    assert read_web_settings() == plain


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "https://vakt.example .org"),
        ("PUBLIC_URL", "https://vakt.example.org\nX-Header: 1"),
        ("PUBLIC_URL", "https://vakt.example.org:port"),
        ("PUBLIC_URL", "https://vakt.example.org?"),
        ("TWILIO_API_URL", "https://api.twilio.com /v1"),
        ("TWILIO_ACCOUNT_SID", "AC1 AC2"),
        ("TWILIO_AUTH_TOKEN", "old new"),
        ("VAKT_METRICS_TOKEN", "two words"),
        ("VAKT_HEARTBEAT_URL", "https://watch.example.org/my ping"),
        ("VAKT_HEARTBEAT_URL", "https://watch.example.org:ping/"),
        ("DATABASE_URL", "postgresql+psycopg://vakt@db:port/vakt"),
        ("DATABASE_URL", "postgresql+psycopg://vakt@db"),
        ("SECRET_KEY", "one\nline"),
        ("VAKT_LIFELINE_PUSH_URL", "https://files.example.org:port/vakt"),
    ],
)
def test_a_setting_that_would_fail_at_the_first_call_refuses_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")

    [told] = mistakes(monkeypatch, **{name: value})

    assert told.startswith(f"{name} must ")
    assert value not in told


@pytest.mark.parametrize(
    "url",
    [
        "smtps://vakt:a#b@mail.example.org",
        "smtps://vakt:a/b@mail.example.org",
        "smtps://vakt:a?b@mail.example.org",
        "smtps://vakt:hush@mail.example.org:post",
        "smtps://mail.example.org/inbox",
        "smtps://vakt:hu sh@mail.example.org",
    ],
)
def test_a_mail_server_that_would_never_be_reached_refuses_the_start(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")

    [told] = mistakes(monkeypatch, SMTP_URL=url)

    assert "# as %23" in told
    assert "hush" not in told


def test_a_mail_password_may_hold_any_sign_when_it_is_escaped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("SMTP_URL", "smtps://vakt%40example.org:a%23b%2Fc@mail.example.org:465/")

    assert read_settings().smtp_url.endswith("@mail.example.org:465/")


# --- organisations' own logins ------------------------------------------------------------------

TENANTS_OWN = "https://login.microsoftonline.com/5f0b9a52/v2.0/.well-known/openid-configuration"
OPENID = (
    f'[entra]\nname = "Entra"\ndiscovery = "{TENANTS_OWN}"\nclient_id = "x"\n'
    'client_secret = "s3cret"\ntenant = "5f0b9a52"\n'
)


def of_openid(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> str:
    """What is said of this file; "" for nothing."""
    file = folder / "openid.toml"
    file.write_text(text, "utf-8")
    return " ".join(mistakes(monkeypatch, SECRET_KEY="x", VAKT_OPENID=str(file)))


def test_organisations_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "openid.toml"
    file.write_text(OPENID, "utf-8")
    [entra] = Settings(secret_key="x", vakt_openid=str(file)).openid_providers
    assert (entra.id, entra.tenant) == ("entra", "5f0b9a52")
    assert entra.issuer == "https://login.microsoftonline.com/5f0b9a52/v2.0"
    assert "s3cret" not in repr(entra)


@pytest.mark.parametrize(
    ("of", "instead", "words"),
    [
        ("5f0b9a52/v2.0", "common/v2.0", "“discovery” is missing or wrong"),
        ("5f0b9a52/v2.0", "organizations/v2.0", "“discovery” is missing or wrong"),
        ("https:", "http:", "“discovery” is missing or wrong"),
        ("openid-configuration", "x", "“discovery” is missing or wrong"),
        ("client_id", "client", "“client_id” is missing or wrong"),
        ('client_secret = "s3cret"', 'client_secret = ""', "“client_secret” is missing or wrong"),
        ("tenant", "tenants", "“tenants” is missing or wrong"),
        ('tenant = "5f0b9a52"', 'customers = ["9001"]', "“customers” is missing or wrong"),
        ("[entra]", "[Entra]", "“Entra” is none"),
        ("[entra]", "[entra", "no file that can be read as TOML"),
        ("[entra]", "", "“name” is none"),
    ],
)
def test_a_mistake_in_the_file_of_organisations_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, of: str, instead: str, words: str
) -> None:
    told = of_openid(monkeypatch, tmp_path, OPENID.replace(of, instead, 1))
    assert words in told
    assert "s3cret" not in told


def test_a_file_of_organisations_that_is_not_there_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = " ".join(mistakes(monkeypatch, SECRET_KEY="x", VAKT_OPENID=str(tmp_path / "none")))
    assert "VAKT_OPENID" in told
