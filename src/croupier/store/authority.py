"""Our two certificate authorities: one for operators' client certificates, one for the one that we show to wallets.

Keys are EC P-256, sealed among the platform's secrets, and the same for all servers on one database.
"""

import datetime as dt
import secrets

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from croupier.store.registry import Registry

OPERATORS, CALLBACKS = "operators", "callbacks"
YEARS = 20
"""Operators keep our authorities in their configuration: these certificates outlive it."""
REQUEST_MAX = 16_384
_BEFORE = dt.timedelta(days=1)


class BadRequestForCertificate(ValueError):
    """It is no certificate signing request that we sign; the text says why."""


class Authority(msgspec.Struct, frozen=True):
    """PEM texts; `key` is secret."""

    certificate: str
    key: bytes

    def __repr__(self) -> str:
        return "Authority(***)"

    def signed(self, request: bytes, common_name: str, at: int, days: int) -> str:
        """A client certificate for the key of this signing request (PEM), whatever name the request gives itself.

        `at`: now, microseconds. BadRequestForCertificate.
        """
        try:
            asked = x509.load_pem_x509_csr(request[: REQUEST_MAX + 1])
            if len(request) > REQUEST_MAX or not asked.is_signature_valid:
                raise BadRequestForCertificate("the request is too long, or is not signed by its own key")
            return self._certificate(common_name, asked.public_key(), at, days)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as error:
            raise BadRequestForCertificate(f"this is no certificate signing request in PEM: {error}") from None

    def client(self, common_name: str, at: int) -> bytes:
        """A new key and its client certificate, in one PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certificate(common_name, key.public_key(), at, YEARS * 365)
        return _private(key) + certificate.encode() + self.certificate.encode()

    def _certificate(self, common_name: str, key: CertificatePublicKeyTypes, at: int, days: int) -> str:
        issuer = x509.load_pem_x509_certificate(self.certificate.encode())
        own = load_pem_private_key(self.key, None)
        assert isinstance(own, ec.EllipticCurvePrivateKey)
        now = _moment(at)
        made = (
            x509.CertificateBuilder()
            .subject_name(_named(common_name))
            .issuer_name(issuer.subject)
            .public_key(key)
            .serial_number(1 + secrets.randbits(150))
            .not_valid_before(now - _BEFORE)
            .not_valid_after(min(now + dt.timedelta(days=days), issuer.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .sign(own, hashes.SHA256())
        )
        return made.public_bytes(Encoding.PEM).decode()


async def authority(registry: Registry, name: str, at: int) -> Authority:
    """OPERATORS or CALLBACKS; made when it is asked for the first time."""
    made = msgspec.msgpack.encode(_new(name, at))
    return msgspec.msgpack.decode(await registry.platform_kept(f"authority/{name}", made), type=Authority)


async def callback_certificate(registry: Registry, at: int) -> bytes:
    """What we show to wallets that ask for a client certificate: key and chain, in one PEM."""
    issuer = await authority(registry, CALLBACKS, at)
    return await registry.platform_kept("certificate/callbacks", issuer.client("croupier", at))


def _new(name: str, at: int) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    subject, now = _named(f"Croupier {name}"), _moment(at)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1 + secrets.randbits(150))
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + dt.timedelta(days=YEARS * 365))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(made.public_bytes(Encoding.PEM).decode(), _private(key))


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _moment(at: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=at)
