"""The API called as its own specification describes it, and in every way that the specification forbids.

Schemathesis makes the calls, from the document alone: bodies and parameters at and beyond every limit, undeclared
methods, missing headers, chains of calls that feed each other. The platform is the real one, behind a socket and on a
database. No answer may be a 5xx, or have a status, type or body that the document does not give it; what the document
forbids is refused; without a credential nothing is answered.

`CROUPIER_TEST_API_EXAMPLES=400` makes hundreds of calls of each operation (`make api-long`).
"""

import asyncio
import json
import os
import sys
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import uvicorn

from croupier.api.operator.app import openapi_document
from croupier.domain.ids import text_of
from croupier.store.accounts import User, add_user
from ports import free_port

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(36_000)]

EXAMPLES = int(os.environ.get("CROUPIER_TEST_API_EXAMPLES", "0"))
HOOKS = Path(__file__).with_name("fresh_keys.py")
PASSWORD = "correct horse"
LEFT_OUT = (
    # A value can fit its schema and still be refused with good reason: a player who is not there, a day to come.
    "positive_data_acceptance",
)
OPERATIONS = sum(len(operations) for operations in openapi_document()["paths"].values())
PEOPLE_ONLY = ("/resolutions", "/voids", "/suspensions", "/going-live")


async def serve(worker, port):
    server = uvicorn.Server(
        uvicorn.Config(worker, port=port, lifespan="off", log_level="error", proxy_headers=False, http="h11")
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done(), "the platform did not start"
        await asyncio.sleep(0.02)
    return server, serving


async def some_life(casino):
    """What the document's own examples name is there, so that they do more than ask for what does not exist."""
    for player_id in ("p-1001", "p-1002"):
        await casino.player(player_id)
    seat = await casino.open("p-1001")
    round_id = (await seat.bet("first")).json()["round_id"]
    body = {"name": "Sea", "game_ids": ["krakens-hoard"]}
    assert (await casino.call("PUT", "/game-sets/sea", json=body)).status_code == 201
    return {"path.round_id": round_id, "path.session_id": seat.session_id}


async def headers_of_person(house, role):
    platform = house.worker.platform
    user = User(text_of(platform.world.ids.random(9)), f"{role}@casino.test", "casino", role)
    await add_user(platform.pool, user, PASSWORD, platform.now(), reset=False)
    transport = httpx.ASGITransport(app=house.worker, client=("192.0.2.77", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://platform.test") as browser:
        await browser.post("/account/api/login", json={"email": user.email, "password": PASSWORD})
        csrf = (await browser.get("/account/api/me")).json()["csrf"]
        token = browser.cookies["croupier_account"]
    return {"Cookie": f"croupier_account={token}", "X-Croupier-CSRF": csrf}


async def call_all(folder, port, headers, ids, *, phases, examples, without=(), only=""):
    """Schemathesis's own report of a run; fails with what it says when it found something."""
    (folder / "openapi.json").write_text(json.dumps(openapi_document()))
    listed = "".join(f'"{name}" = {json.dumps(values)}\n' for name, values in ids.items())
    (folder / "schemathesis.toml").write_text(f'hooks = "{HOOKS}"\n[parameters]\n{listed}')
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(folder / "schemathesis.toml")),
        *("run", str(folder / "openapi.json"), "--url", f"http://127.0.0.1:{port}"),
        *("--phases", phases, "--max-examples", str(examples), "--request-timeout", "60", "--warnings", "off"),
        *("--exclude-checks", ",".join((*LEFT_OUT, *without)), "--continue-on-failure", "--no-shrink"),
        *("--report", "json", "--report-json-path", str(folder / "report.json")),
        *(() if EXAMPLES else ("--seed", "1")),
        *(("--include-path-regex", only) if only else ()),
    ]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()[-12_000:]
    report = json.loads((folder / "report.json").read_text())
    sys.stdout.write(f"{report['operations']} {report['test_cases']}\n")
    return report


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ids(casino):
    return await some_life(casino)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def port(house):
    port = free_port()
    server, serving = await serve(house.worker, port)
    yield port
    server.should_exit = True
    await serving


async def test_as_an_operators_server(casino, ids, port, tmp_path):
    headers = {"Authorization": f"Bearer {casino.api_key}"}
    phases = "examples,coverage,fuzzing,stateful" if EXAMPLES else "examples,coverage"
    report = await call_all(tmp_path, port, headers, ids, phases=phases, examples=EXAMPLES or 1)
    assert report["operations"]["tested"] == OPERATIONS
    assert report["test_cases"]["generated"] > 2_000


async def test_as_an_administrator_where_a_key_may_not(house, ids, port, tmp_path):
    headers = await headers_of_person(house, "staff_admin")
    # A changing call without the cookie, but with the page's proof, is asked for the key first: right as well.
    report = await call_all(
        *(tmp_path, port, headers, ids),
        phases="examples,coverage,fuzzing",
        examples=EXAMPLES or 10,
        without=("ignored_auth",),
        only="" if EXAMPLES else "|".join(PEOPLE_ONLY),
    )
    assert report["operations"]["tested"] == (OPERATIONS if EXAMPLES else 8)
    assert report["test_cases"]["generated"] > 200
