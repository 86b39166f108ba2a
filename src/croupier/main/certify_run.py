"""One run of `croupier certify`: players, live output, the clock that the user keeps."""

import asyncio
import shlex
import time
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import yaml
from rich.text import Text

from croupier.conformance import formats
from croupier.conformance.hooks import by_url
from croupier.conformance.players import ByCommand, ByUrl, Listed, Players
from croupier.conformance.report import Report
from croupier.conformance.rule import Rule
from croupier.conformance.runner import GREEN, blocked_by, first_to_fix, run
from croupier.conformance.trial import Inconclusive
from croupier.conformance.verdict import Result, Verdict
from croupier.conformance.wallet import Hook, Wallet
from croupier.conformance.wire_changes import Voice
from croupier.dialects import DIALECTS
from croupier.dialects.mapped.mapping import mapping_of
from croupier.dialects.mapped.wallet import Mapped, key_bytes
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Operator
from croupier.main import watching
from croupier.main.certify_history import noted
from croupier.main.terminal import fail, paper, voice
from croupier.runtime.clock import SystemClock
from croupier.runtime.masks import OWN_HEADER
from croupier.runtime.wallet_client import WalletClient
from croupier.wallet.signature import key_of

RESTARTS_S = 15.0
COLOURS: dict[Verdict, str] = {
    "PASS": "green",
    "WARN": "yellow",
    "FAIL": "bold red",
    "BLOCKED": "dim",
    "SKIP": "dim",
    "ERROR": "bold magenta",
}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says. `players`: ids; `hooks`: name -> command, or `hooks_url`.

    `whole`: a level, not some rules of it. `again`: the command for one rule, `{}`.
    """

    operator: Operator
    mapped: Mapped | None = None
    currency: str
    level: str
    players: tuple[str, ...] = ()
    players_url: str = ""
    player_command: str = ""
    hooks: dict[str, str] = {}
    hooks_url: str = ""
    second_currency: str = ""
    more_currencies: tuple[str, ...] = ()
    has: frozenset[str] = frozenset()
    quiet: bool = False
    deep: bool = False
    seed: int = 0
    whole: bool = True
    again: str = ""


RSA_KEY = (
    "make one for this check (openssl genpkey -algorithm RSA -out check.pem), give your wallet its public half "
    '(openssl pkey -in check.pem -pubout), and set the variable to the file: "$(cat check.pem)"'
)


MAKE_ONE = (
    "Make one: whsec_ and what this prints, the same in the wallet: "
    'python3 -c "import base64, os; print(base64.b64encode(os.urandom(24)).decode())"'
)


def operator_of(
    dialect: str, url: str, secret: str, currency: str, operator_id: str, *, number: int, agreed: Sequence[str]
) -> tuple[Operator, Mapped | None]:
    """The operator as a platform would know it, with the dialect's own times."""
    if currency not in CURRENCIES:
        fail(f"there is no currency {currency!r}; {', '.join(CURRENCIES)}")
    mapped = mapped_of(dialect)
    if mapped is None and dialect not in DIALECTS:
        fail(f"there is no dialect {dialect!r}; {', '.join(DIALECTS)}, or a file: ./map.toml")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        fail(f"{url!r} is no address: --wallet-url http://localhost:8000/wallet")
    settings = dict(part.partition("=")[::2] for part in agreed)
    secrets = tuple(part.strip() for part in secret.split(",") if part.strip())
    if mapped is not None:
        try:
            key_bytes(mapped.key, secrets[0])
        except ValueError:
            fail(f"the secret cannot be used: {dialect} says that it is {mapped.key}")
        if mapped.mapping.secret_headers:
            settings |= {OWN_HEADER: ",".join(mapped.mapping.secret_headers)}
        operator = Operator(operator_id, mapped.name, url, secrets, (currency,), settings=settings)
        return mapped.abilities.given_to(operator), mapped
    if DIALECTS[dialect].abilities.key == "rsa" and not all("PRIVATE KEY" in one for one in secrets):
        fail(f"{dialect} is signed with an RSA key: {RSA_KEY}")
    if DIALECTS[dialect].abilities.key == "standard_webhooks":
        for one in secrets:
            try:
                key_of(one)
            except ValueError as error:
                fail(f"the secret cannot be used: {error}. {MAKE_ONE}")
    operator = Operator(operator_id, dialect, url, secrets, (currency,), number=number, settings=settings)
    return DIALECTS[dialect].abilities.given_to(operator), None


def mapped_of(dialect: str) -> Mapped | None:
    """An API of the casino's own: a file that describes it. None for a name."""
    path = Path(dialect)
    if path.suffix not in (".toml", ".yaml", ".yml"):
        return None
    try:
        text = path.read_text("utf-8")
        data = tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)
        return Mapped(mapping_of(data))
    except OSError as error:
        fail(f"--dialect {dialect}: {error.strerror}")
    except RecursionError:
        fail(f"--dialect {dialect}: it is nested too deeply")
    except (ValueError, yaml.YAMLError) as error:
        fail(f"--dialect {dialect}: {error}")
    return None


async def watch(asked: Asked, rules: Sequence[Rule], paths: Sequence[Path], done: Callable[[Report], None]) -> None:
    """Runs, and again whenever a file in `paths` changes or Enter is pressed, until Ctrl-C. NoPlayers."""
    while True:
        before = watching.seen(paths)
        report = await run_all(asked, rules)
        conclude(report)
        done(report)
        where = ", ".join(map(str, paths))
        voice.print(
            f"watching {where}: change a file, press Enter to run again, Ctrl-C to end", highlight=False, soft_wrap=True
        )
        paper.print(f"\n[bold]{await watching.told(paths, before)}: again[/bold]", highlight=False, soft_wrap=True)
        await _answering(asked.operator.wallet_url)


async def _answering(url: str) -> None:
    """A server that restarts itself after a change is given some seconds to listen again."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    for _ in range(int(RESTARTS_S / watching.EVERY_S)):
        try:
            _, writer = await asyncio.open_connection(parts.hostname, port)
        except OSError:
            await asyncio.sleep(watching.EVERY_S)
        else:
            writer.close()
            return


async def run_all(asked: Asked, rules: Sequence[Rule]) -> Report:
    """NoPlayers when there is nobody to play with."""
    began, client = time.monotonic(), WalletClient()
    try:
        wallet = _wallet(asked, client)
        results: list[Result] = []
        with voice.status("", spinner="dots") as status:
            async for result in run(wallet, rules, has=asked.has):
                results.append(result)
                status.update(f"{len(results)} of {len(rules)}  {result.rule.id} {result.rule.requirement}")
                if not asked.quiet:
                    tell(result)
            if asked.deep:
                status.update("random stories")
                results.append(await _deep(asked, results))
                if not asked.quiet:
                    tell(results[-1])
    finally:
        client.close()
    operator = asked.operator
    clock, changed = noted(operator.wallet_url, results, whole=asked.whole)
    return Report(
        results=tuple(results),
        dialect=operator.dialect,
        wallet_url=operator.wallet_url,
        currency=asked.currency,
        level=asked.level,
        at=time.time_ns() // 1000,
        ms=round((time.monotonic() - began) * 1000),
        clock=clock,
        progress=changed,
        seed=asked.seed if asked.deep else None,
        dialect_hash=wallet.voice.fingerprint,
        again=asked.again,
    )


def _wallet(asked: Asked, client: WalletClient) -> Wallet:
    return Wallet(
        *(Voice(asked.operator, asked.mapped), client, _players(asked, client), SystemClock(), asked.currency),
        (by_url(asked.hooks_url, client) if asked.hooks_url else {})
        | {name: _hook(command, of_player=name != "restart") for name, command in asked.hooks.items()},
        second_currency=asked.second_currency,
        more_currencies=asked.more_currencies,
    )


async def _deep(asked: Asked, results: Sequence[Result]) -> Result:
    """Stories are only told to a wallet that keeps the rules: else each would end at the first that it breaks."""
    from croupier.conformance.deep import STORY, tell_stories

    broken = next((one for one in results if one.verdict not in GREEN), None)
    if broken is not None:
        return Result(rule=STORY, verdict="BLOCKED", note=f"{broken.rule.id} comes first")
    return await asyncio.to_thread(tell_stories, lambda: _wallet(asked, WalletClient()), asked.seed)


def _players(asked: Asked, client: WalletClient) -> Players:
    if asked.players_url:
        return ByUrl(asked.players_url, client)
    if asked.player_command:
        return ByCommand(asked.player_command)
    return Listed(asked.players)


def tell(result: Result) -> None:
    """One result on the terminal; what passed is only counted, and what was not tried comes together at the end."""
    if result.verdict in ("PASS", "BLOCKED", "SKIP"):
        return
    head = Text(f"{result.verdict:7} ", style=COLOURS[result.verdict])
    head.append(f"{result.rule.id:9} ", style="bold")
    head.append(result.rule.requirement, style="not bold")
    head.append(f"  {result.ms} ms", style="dim")
    paper.print(head, soft_wrap=True)
    for line in formats.in_lines(result):
        paper.print(Text("        " + line), soft_wrap=True)


def conclude(report: Report) -> None:
    for line in not_tried(report.results):
        paper.print(Text(line, style="dim"), soft_wrap=True)
    paper.print(f"{report.summary} in {report.ms // 1000}.{report.ms % 1000 // 100} s", highlight=False)
    if report.fix_first:
        paper.print(f"[bold]fix this first: {report.fix_first}[/bold]", highlight=False)
    if report.try_again:
        paper.print(Text(f"then again:     {report.try_again}"), soft_wrap=True)
    if report.clock:
        paper.print(report.clock, highlight=False)
    if report.progress is not None:
        told = report.progress.words or "nothing to mend, as before"
        paper.print(told, highlight=False, soft_wrap=True)


def not_tried(results: Sequence[Result]) -> list[str]:
    """A line for each reason: hundred rules that wait for one say less than the one."""
    skipped: dict[str, list[str]] = {}
    for one in results:
        if one.verdict == "SKIP":
            skipped.setdefault(one.note, []).append(one.rule.id)
    lines = [f"SKIP    {' '.join(ids)}  {why}" for why, ids in skipped.items()]
    first = first_to_fix(results)  # has a line of its own
    stopped = [one for one in results if one.verdict in ("FAIL", "ERROR") and one is not first]
    return lines + [
        f"BLOCKED {count} rule{'' if count == 1 else 's'} behind {one.rule.id}"
        for one in stopped
        if (count := blocked_by(one, results))
    ]


def write(report: Report, files: Sequence[tuple[Path | None, Callable[[Report], str]]]) -> None:
    for file, written in files:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(written(report), "utf-8")


def _hook(command: str, *, of_player: bool) -> Hook:
    """``{player}`` in the command is the player's id; else it comes last, where it is about a player."""

    async def call(player_id: str) -> None:
        words = shlex.split(command)
        named = [word.replace("{player}", player_id) for word in words]
        if named == words and of_player:
            named.append(player_id)
        try:
            process = await asyncio.create_subprocess_exec(*named, stdout=asyncio.subprocess.DEVNULL)
        except OSError as error:
            raise Inconclusive(f"{words[0]}: {error}") from None
        if await process.wait():
            raise Inconclusive(f"{command!r} ended with {process.returncode}")

    return call
