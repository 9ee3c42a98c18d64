"""A device with passkeys, made of software: it signs as a phone does, and can be told to sign wrongly."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey of one device."""

    rp_id: str = "localhost"
    origin: str = "http://localhost:8000"
    counts: bool = True
    flags: int = PRESENT | VERIFIED
    sign_count: int = 0
    user_handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: str) -> str:
        """Answer to what a site asks for when a passkey is made."""
        asked = json.loads(options)
        self.user_handle = base64url_to_bytes(asked["user"]["id"])
        said = self._client("webauthn.create", asked["challenge"])
        numbers = self.key.public_key().public_numbers()
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        id_length = len(self.credential_id).to_bytes(2, "big")
        data = self._data(self.flags | ATTESTED) + bytes(16) + id_length + self.credential_id + public
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(said, attestationObject=attestation, transports=["internal"])

    def use(self, options: str, **wrong: Any) -> str:
        """Answer to what a site asks for when a passkey is used; ``wrong`` alters the answer after it was signed."""
        said = self._client("webauthn.get", json.loads(options)["challenge"])
        self.sign_count += self.counts
        data = self._data(self.flags)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"authenticatorData": data, "signature": signature, "userHandle": self.user_handle} | wrong
        return self._answer(said, **parts)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.sign_count.to_bytes(4, "big")

    def _answer(self, said: bytes, **parts: Any) -> str:
        id = bytes_to_base64url(self.credential_id)
        response = {"clientDataJSON": said} | parts
        text = {name: bytes_to_base64url(part) if isinstance(part, bytes) else part for name, part in response.items()}
        return json.dumps({"id": id, "rawId": id, "type": "public-key", "response": text, "clientExtensionResults": {}})
