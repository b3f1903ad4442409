"""Secrets at rest: encrypted with a key made from the installation's secret key."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken

from core.kernel.config import Config
from core.kernel.errors import Unavailable, _


class Vault:
    """Seals and opens short secrets, and signs values that people carry."""

    def __init__(self, config: Config) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(config.derived("vault")))
        self._signing = config.derived("signatures")

    def seal(self, secret: str) -> str:
        """Return the secret encrypted, as text to store."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return a sealed secret. Raise Unavailable if the secret key has changed since."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unavailable("secrets.unreadable", _("A stored secret cannot be read with the present key")) from None

    def sign(self, purpose: str, value: str) -> str:
        """Return a signature over a value for one purpose."""
        return hmac.new(self._signing, f"{purpose}\0{value}".encode(), "sha256").hexdigest()[:32]

    def is_signed(self, purpose: str, value: str, signature: str) -> bool:
        """Tell whether the signature is ours, in constant time."""
        return hmac.compare_digest(self.sign(purpose, value), signature)


def digest(token: str) -> str:
    """Return what is stored of a random token: its SHA-256, so a stolen table opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
