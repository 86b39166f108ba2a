"""TLS of the wallet client: verified, or nothing is sent."""

import datetime as dt
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from croupier.domain.exchange import HttpRequest
from croupier.runtime import connections
from croupier.runtime.wallet_client import WalletClient
from runtime.misbehaving import misbehaving

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """``(file with certificate and key)`` for wallet.example, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "wallet.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("wallet.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "wallet.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def here(monkeypatch):
    async def loopback(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr(connections, "_resolve", loopback)


def serving(certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def call(host: str, port: int) -> HttpRequest:
    return HttpRequest("POST", f"https://{host}:{port}/bet", (), b"{}", 2000)


async def test_a_trusted_server_with_the_right_name(certificate, here):
    client = WalletClient(tls=ssl.create_default_context(cafile=str(certificate)))
    async with misbehaving({"/bet": [OK]}, serving(certificate)) as server:
        first, second = [await client.send(call("wallet.example", server.port), private=True) for _ in range(2)]
        assert (first.status, second.status, server.connections) == (200, 200, 1)
        assert first.timing.tls_us > 0
        assert second.timing.tls_us is None


@pytest.mark.parametrize(("host", "trusted"), [("wallet.example", False), ("other.example", True)])
async def test_a_stranger_or_a_wrong_name(certificate, here, host, trusted):
    client = WalletClient(tls=ssl.create_default_context(cafile=str(certificate)) if trusted else None)
    async with misbehaving({"/bet": [OK]}, serving(certificate)) as server:
        answer = await client.send(call(host, server.port), private=True)
        assert (answer.why, answer.sent, server.requests) == ("tls", False, [])


async def test_a_server_that_speaks_no_tls(here):
    async with misbehaving({"/bet": [OK]}) as server:
        answer = await WalletClient().send(call("wallet.example", server.port), private=True)
        assert (answer.why in {"tls", "timeout"}, answer.sent, server.requests) == (True, False, [])
