"""Client certificates over real TLS: an operator's, signed from its request, and ours, shown to its wallet."""

import asyncio
import json
import os
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.runtime import connections
from croupier.runtime.wallet_client import WalletClient
from croupier.runtime.wallet_tls import wallet_context
from croupier.store.authority import CALLBACKS, Authority, BadRequestForCertificate, _new
from journeys.demo_process import CROUPIER
from ports import free_port
from postgres import dsn_of, new_database

NOW = time.time_ns() // 1000
LIST = {"jsonrpc": "2.0", "method": "Game.List", "id": 1}


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=20)


def request(folder: Path, name: str, subject: str = "/CN=whoever/O=Casino") -> Path:
    """`name`.key and `name`.csr, as an operator's technician makes them."""
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    openssl(folder, "req", "-new", *curve, "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", subject)
    return folder / f"{name}.csr"


@dataclass
class Served:
    url: str
    folder: Path
    told: dict
    run: object

    def client(self, *certificate: str) -> httpx.Client:
        context = ssl.create_default_context(cafile=str(self.folder / "server.crt"))
        if certificate:
            context.load_cert_chain(*(self.folder / name for name in certificate))
        return httpx.Client(base_url=self.url, verify=context, timeout=10)


@pytest.fixture(scope="module")
def served(postgres_server, tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("tls")
    openssl(
        *(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"),
        *("-keyout", "server.key", "-out", "server.crt", "-subj", "/CN=localhost"),
        *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
    )
    port, tls = free_port(), free_port()
    environment = {
        **os.environ,
        "CROUPIER_DATABASE_URL": dsn_of(postgres_server, asyncio.run(new_database(postgres_server))),
        "CROUPIER_DATA": str(folder),
        "CROUPIER_PORT": str(port),
        "CROUPIER_TLS_PORT": str(tls),
        "CROUPIER_TLS_CERTIFICATE": str(folder / "server.crt"),
        "CROUPIER_TLS_KEY": str(folder / "server.key"),
        "CROUPIER_TLS_URL": f"https://localhost:{tls}",
    }

    def run(*words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(CROUPIER), *words], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == code, done.stderr
        return done

    add = ("operator", "add", "casino", "--dialect", "mascot", "--wallet-url", "http://127.0.0.1:1/cb")
    told = json.loads(run(*add, "--currency", "EUR", "--json").stdout)["mascot"]
    process = subprocess.Popen([str(CROUPIER), "serve"], env=environment)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            assert time.monotonic() < until
            time.sleep(0.1)
        yield Served(f"https://localhost:{tls}", folder, told, run)
    finally:
        process.terminate()
        process.wait(20)


def test_an_operator_calls_with_the_certificate_that_we_signed(served: Served):
    request(served.folder, "casino")
    signed = served.run("operator", "certificate", "casino", "--csr", str(served.folder / "casino.csr"), "--json")
    told = json.loads(signed.stdout)
    assert told["certificate_cn"] == served.told["certificate_cn"], "not the name that the request gave itself"
    assert told["url"] == served.told["mtls_url"]
    (served.folder / "casino.crt").write_text(told["certificate"])
    path = httpx.URL(served.told["mtls_url"]).path
    with served.client("casino.crt", "casino.key") as casino:
        answer = casino.post(served.told["mtls_url"], json=LIST)
        assert answer.status_code == 200, answer.text
        assert answer.json()["result"]["Games"]
        forged = casino.post(path, json=LIST, headers={"X-Client-Subject": "CN=casino99"})
        assert forged.status_code == 200, "the header says nothing where TLS has spoken"
    with served.client() as nobody:
        assert nobody.get("/healthz").text == "ok\n"
        refused = nobody.post(path, json=LIST, headers={"X-Client-Subject": served.told["certificate_cn"]})
        assert refused.status_code == 401


def test_a_certificate_of_another_authority_ends_the_connection(served: Served):
    request(served.folder, "thief", f"/CN={served.told['certificate_cn']}")
    openssl(
        served.folder, "x509", "-req", "-in", "thief.csr", "-signkey", "thief.key", "-days", "2", "-out", "thief.crt"
    )
    with served.client("thief.crt", "thief.key") as thief, pytest.raises(httpx.TransportError):
        thief.post(httpx.URL(served.told["mtls_url"]).path, json=LIST)


def test_what_is_no_request_is_refused(served: Served):
    assert "cannot be read" in served.run("operator", "certificate", "casino", "--csr", "/none", code=2).stderr
    ours = _new("operators", NOW)
    for text in (b"", b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", b"x" * 20_000):
        with pytest.raises(BadRequestForCertificate):
            ours.signed(text, "casino1", NOW, 30)


def test_a_request_whose_signature_is_wrong_is_refused(tmp_path):
    csr = request(tmp_path, "casino")
    openssl(tmp_path, "req", "-in", str(csr), "-outform", "DER", "-out", "casino.der")
    raw = bytearray((tmp_path / "casino.der").read_bytes())
    raw[-1] ^= 1
    (tmp_path / "casino.der").write_bytes(raw)
    openssl(tmp_path, "req", "-inform", "DER", "-in", "casino.der", "-out", "changed.csr")
    with pytest.raises(BadRequestForCertificate):
        _new("operators", NOW).signed((tmp_path / "changed.csr").read_bytes(), "casino1", NOW, 30)


async def met(authority: Authority, shown: bytes | None, folder: Path, monkeypatch) -> HttpResponse | NoAnswer:
    """Our call to a wallet that lets nobody in but us."""
    here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    here.load_cert_chain(folder / "server.crt", folder / "server.key")
    here.load_verify_locations(cadata=authority.certificate)
    here.verify_mode = ssl.CERT_REQUIRED

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        peer = writer.get_extra_info("peercert")["subject"][0][0][1].encode()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(peer), peer))
        await writer.drain()

    async def loopback(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr(connections, "_resolve", loopback)
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=here)
    context = wallet_context(shown) if shown is not None else ssl.create_default_context()
    context.load_verify_locations(folder / "server.crt")
    client = WalletClient(tls=context)
    port = server.sockets[0].getsockname()[1]
    try:
        call = HttpRequest("POST", f"https://localhost:{port}/cb", (), b"", 3000)
        return await client.send(call, private=True)
    finally:
        client.close()
        server.close()


@pytest.mark.asyncio(loop_scope="function")
async def test_a_wallet_may_ask_for_our_certificate(served: Served, monkeypatch):
    ours, others = _new(CALLBACKS, NOW), _new(CALLBACKS, NOW)
    taken = await met(ours, ours.client("croupier", NOW), served.folder, monkeypatch)
    assert isinstance(taken, HttpResponse), taken
    assert taken.body == b"croupier"
    for wrong in (None, others.client("croupier", NOW)):
        assert isinstance(await met(ours, wrong, served.folder, monkeypatch), NoAnswer)


def test_both_authorities_are_printed_and_stay_the_same(served: Served):
    first = json.loads(served.run("operator", "authorities", "--json").stdout)
    signed = x509.load_pem_x509_certificate((served.folder / "casino.crt").read_bytes())
    signed.verify_directly_issued_by(x509.load_pem_x509_certificate(first["operators"].encode()))
    assert {name: text.startswith("-----BEGIN CERTIFICATE") for name, text in first.items()} == {
        "operators": True,
        "callbacks": True,
    }
    assert "PRIVATE" not in json.dumps(first)
