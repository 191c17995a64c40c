"""Whose request it is: Twilio's published vectors, and everything that must fail closed."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

import pytest
from twilio.request_validator import HMAC_SHA256, RequestValidator
from werkzeug.datastructures import Headers, MultiDict

from app.gateways.twilio.signature import SignatureVerifier
from tests.gateways.forms import form, pairs

PUBLISHED = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
PUBLISHED_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
OTHER_CALLER = PUBLISHED | {"From": "+12349013030", "Caller": "+12349013030"}
TOKEN = "token-of-the-account"
OLD_TOKEN = "token-before"
PUBLIC = "https://vakt.example.org"


def signed(url: str, fields: object, token: str = TOKEN, algorithm: str | None = None) -> str:
    return str(RequestValidator(token).compute_signature(url, fields, algorithm))


def genuine(
    signature_verifier: SignatureVerifier,
    url: str,
    fields: MultiDict[str, str] | str,
    signature: str,
    **headers: str,
) -> bool:
    parts = urlsplit(url)
    all_headers = Headers({"X-Twilio-Signature": signature} | headers)
    return signature_verifier.is_genuine(parts.path, parts.query, fields, all_headers)


@pytest.mark.parametrize(
    ("fields", "signature"),
    [(PUBLISHED, PUBLISHED_SIGNATURE), (OTHER_CALLER, "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")],
)
def test_the_published_vectors_are_genuine(fields: dict[str, str], signature: str) -> None:
    signature_verifier = SignatureVerifier("https://mycompany.com", ("12345",))

    headers = {"X-Twilio-Signature": signature}
    assert signature_verifier.is_genuine("/myapp.php", "foo=1&bar=2", MultiDict(fields), headers)


def test_the_published_vector_with_a_json_body_is_genuine() -> None:
    signature_verifier = SignatureVerifier("https://mycompany.com", ("12345",))
    body = '{"property": "value", "boolean": true}'
    digest = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
    query = f"foo=1&bar=2&bodySHA256={digest}"
    headers = {"X-Twilio-Signature": "a9nBmqA0ju/hNViExpshrM61xv4="}

    assert signature_verifier.is_genuine("/myapp.php", query, body, headers)
    assert not signature_verifier.is_genuine("/myapp.php", query, body + " ", headers)


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_the_published_vector_with_one_field_changed_is_refused(name: str) -> None:
    signature_verifier = SignatureVerifier("https://mycompany.com", ("12345",))
    changed = MultiDict(PUBLISHED | {name: PUBLISHED[name] + "0"})

    assert not signature_verifier.is_genuine(
        "/myapp.php", "foo=1&bar=2", changed, {"X-Twilio-Signature": PUBLISHED_SIGNATURE}
    )


@pytest.mark.parametrize(
    ("public_url", "signed_url", "is_genuine"),
    [
        ("https://vakt.example.org", "https://vakt.example.org/twilio/voice", True),
        ("https://vakt.example.org/", "https://vakt.example.org/twilio/voice", True),
        ("https://vakt.example.org:8443", "https://vakt.example.org:8443/twilio/voice", True),
        ("https://vakt.example.org:8443", "https://vakt.example.org/twilio/voice", True),
        ("http://localhost:8000", "http://localhost:8000/twilio/voice", True),
        ("https://example.org/vakt", "https://example.org/vakt/twilio/voice", True),
        ("https://vakt.example.org", "https://other.example.org/twilio/voice", False),
        ("https://vakt.example.org", "http://vakt.example.org/twilio/voice", False),
        ("https://vakt.example.org", "https://vakt.example.org:8443/twilio/voice", False),
        ("http://localhost:8000", "http://localhost:8001/twilio/voice", False),
        ("http://localhost:8000", "https://localhost:8000/twilio/voice", False),
        ("https://vakt.example.org", "https://vakt.example.org/twilio/voice/", False),
        ("https://vakt.example.org", "https://vakt.example.org/twilio/voice?a=1", False),
        ("https://vakt.example.org", "https://vakt.example.org/Twilio/voice", False),
    ],
)
def test_scheme_host_port_path_and_query_must_be_those_configured(
    public_url: str, signed_url: str, is_genuine: bool
) -> None:
    signature_verifier = SignatureVerifier(public_url.rstrip("/"), (TOKEN,))
    fields = form()

    signature = signed(signed_url, fields)

    headers = {"X-Twilio-Signature": signature}
    assert signature_verifier.is_genuine("/twilio/voice", "", fields, headers) is is_genuine


def test_headers_of_proxies_have_no_word_in_it() -> None:
    signature_verifier = SignatureVerifier(PUBLIC, (TOKEN,))
    fields = form()
    forged = {
        "Host": "evil.example.org",
        "X-Forwarded-Host": "evil.example.org",
        "X-Forwarded-Proto": "http",
        "Forwarded": "host=evil.example.org;proto=http",
    }

    for_us = signed(f"{PUBLIC}/twilio/voice", fields)
    for_them = signed("http://evil.example.org/twilio/voice", fields)

    assert genuine(signature_verifier, f"{PUBLIC}/twilio/voice", fields, for_us, **forged)
    assert not genuine(signature_verifier, f"{PUBLIC}/twilio/voice", fields, for_them, **forged)


def test_old_and_new_token_are_both_good_during_a_change_and_no_other() -> None:
    signature_verifier = SignatureVerifier(PUBLIC, (TOKEN, OLD_TOKEN))
    url, fields = f"{PUBLIC}/twilio/voice", form()

    assert genuine(signature_verifier, url, fields, signed(url, fields, TOKEN))
    assert genuine(signature_verifier, url, fields, signed(url, fields, OLD_TOKEN))
    assert not genuine(signature_verifier, url, fields, signed(url, fields, "another account's"))
    assert not genuine(signature_verifier, url, fields, signed(url, fields, ""))


def test_without_a_token_nothing_is_genuine() -> None:
    url, fields = f"{PUBLIC}/twilio/voice", form()

    assert not genuine(SignatureVerifier(PUBLIC, ()), url, fields, signed(url, fields, ""))


@pytest.mark.parametrize("signature", ["", " ", "AAAA", "=", "ÆØÅ" * 10, "\x00", "x" * 100_000])
def test_a_missing_or_hostile_signature_is_refused(signature: str) -> None:
    signature_verifier = SignatureVerifier(PUBLIC, (TOKEN,))

    headers = {"X-Twilio-Signature": signature}
    assert not signature_verifier.is_genuine("/twilio/voice", "", form(), headers)
    assert not signature_verifier.is_genuine("/twilio/voice", "", form(), {})


def test_the_order_of_the_fields_does_not_matter_as_the_standard_says() -> None:
    signature_verifier = SignatureVerifier(PUBLIC, (TOKEN,))
    url = f"{PUBLIC}/twilio/voice"
    fields = [("To", "+4720000001"), ("CallSid", "CA1"), ("Digits", "1")]

    signature = signed(url, pairs(*fields))

    assert genuine(signature_verifier, url, pairs(*reversed(fields)), signature)


def test_a_repeated_field_is_signed_with_all_its_values() -> None:
    signature_verifier = SignatureVerifier(PUBLIC, (TOKEN,))
    url = f"{PUBLIC}/twilio/voice"
    twice = pairs(("CallSid", "CA1"), ("Digits", "1"), ("Digits", "2"))

    signature = signed(url, twice)

    assert genuine(signature_verifier, url, twice, signature)
    assert not genuine(
        signature_verifier, url, pairs(("CallSid", "CA1"), ("Digits", "1")), signature
    )


def test_a_field_added_on_the_way_is_noticed() -> None:
    signature_verifier = SignatureVerifier(PUBLIC, (TOKEN,))
    url, fields = f"{PUBLIC}/twilio/voice", form()

    signature = signed(url, fields)
    fields.add("ExchangeMoment", "2026-11-21T22:10:00+00:00")

    assert not genuine(signature_verifier, url, fields, signature)


def test_a_json_body_is_held_by_its_hash_in_the_query() -> None:
    signature_verifier = SignatureVerifier(PUBLIC, (TOKEN,))
    body = '{"desk": "brukarstøtte"}'
    url = f"{PUBLIC}/twilio/events?bodySHA256={hashlib.sha256(body.encode()).hexdigest()}"

    signature = signed(url, {})

    assert genuine(signature_verifier, url, body, signature)
    assert not genuine(signature_verifier, url, body.replace("brukar", "bruker"), signature)


def test_signing_with_a_shared_key_is_understood_and_an_unknown_algorithm_refused() -> None:
    signature_verifier = SignatureVerifier(PUBLIC, (TOKEN,))
    url, fields = f"{PUBLIC}/twilio/voice", form()

    signature = signed(url, fields, TOKEN, HMAC_SHA256)

    name = "X-Twilio-Webhooks-Signature-Settings"
    assert genuine(
        signature_verifier, url, fields, signature, **{name: "key=k1,algorithm=HMAC_SHA256"}
    )
    assert not genuine(signature_verifier, url, fields, signature)
    assert not genuine(
        signature_verifier, url, fields, signature, **{name: "key=k1,algorithm=NONE"}
    )


def test_a_path_with_letters_of_ours_is_signed_as_it_is_sent() -> None:
    signature_verifier = SignatureVerifier(PUBLIC, (TOKEN,))
    fields = form()

    signature = signed(f"{PUBLIC}/twilio/prompt/nb/kl%C3%A5r.mp3", fields)

    headers = {"X-Twilio-Signature": signature}
    assert signature_verifier.is_genuine("/twilio/prompt/nb/klår.mp3", "", fields, headers)
