"""A device that keeps a passkey, in a few lines: what it answers, and how it can be made to lie."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def written(part: bytes) -> str:
    return urlsafe_b64encode(part).rstrip(b"=").decode()


def read(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftPasskey:
    """One key, for pages of one origin."""

    origin: str
    credential_id: bytes = b"k" * 32
    sign_count: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def made(self, question: dict[str, Any]) -> str:
        """What a browser sends of a new key."""
        numbers = self.key.public_key().public_numbers()
        x, y = (each.to_bytes(32, "big") for each in (numbers.x, numbers.y))
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data = self._data(question["rp"]["id"], ATTESTED) + attested + public
        client = self._client("webauthn.create", question)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def signed(self, question: dict[str, Any]) -> str:
        """What a browser sends at a login."""
        self.sign_count += 1
        data = self._data(question["rpId"], 0)
        client = self._client("webauthn.get", question)
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, host: str, more: int) -> bytes:
        flags = PRESENT | VERIFIED | more
        return sha256(host.encode()).digest() + bytes([flags]) + self.sign_count.to_bytes(4, "big")

    def _client(self, kind: str, question: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": question["challenge"], "origin": self.origin}
        return json.dumps(told).encode()

    def _answer(self, **response: bytes) -> str:
        name = written(self.credential_id)
        parts = {each: written(part) for each, part in response.items()}
        whole = {"id": name, "rawId": name, "type": "public-key", "response": parts}
        return json.dumps({**whole, "clientExtensionResults": {}})
