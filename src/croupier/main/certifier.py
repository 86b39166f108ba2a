"""The process of one check: tries an operator's wallet by the rules, and keeps every result as it comes.

A process of its own, because the platform's workers must not wait for it. It ends with the worker that started it.
"""

import asyncio
import importlib.metadata
import os
import signal
import sys
from dataclasses import dataclass, field
from typing import Any

from croupier.conformance import formats
from croupier.conformance.hooks import by_url
from croupier.conformance.on_platform import CheckedClient, NotingVoice, TooManyCalls, exchange_of, told_here
from croupier.conformance.players import ByUrl, Listed, NoPlayers, Players
from croupier.conformance.report import Report, as_json, evidence, fingerprint, result_data
from croupier.conformance.rule import RULE_SET, RULES, Rule
from croupier.conformance.runner import run
from croupier.conformance.verdict import Result, status_of, took_ms
from croupier.conformance.wallet import Wallet
from croupier.domain.ids import exchange_id
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Operator
from croupier.main.database import vault
from croupier.main.settings import Settings
from croupier.main.supervisor import die_with_parent
from croupier.runtime.clock import SystemClock
from croupier.runtime.entropy import SystemIds
from croupier.runtime.wallet_tls import wallet_context
from croupier.store.authority import callback_certificate
from croupier.store.certifications import Asked, Format, Tried, beat, begin, end, keep_result, keep_transactions, taken
from croupier.store.connect import Pool, open_pool
from croupier.store.exchanges import keep_apart
from croupier.store.registry import Registry

NICE = 10
"""A check may take a moment longer; a round may not."""
BEAT_S = 0.5
TIME_S = 900.0
"""A whole check of a quick wallet takes seconds, one of a wallet that just meets its time limits some minutes."""
HEARD_MAX = 40
"""Calls of one rule that are kept: a race makes hundreds of the same kind."""


@dataclass
class Check:
    """One run; its parts are known once the operator is."""

    pool: Pool
    certification_id: str
    operator: Operator
    asked: Asked
    clock: SystemClock = field(default_factory=SystemClock)
    ids: SystemIds = field(default_factory=SystemIds)

    def __post_init__(self) -> None:
        self.voice = NotingVoice(self.operator)

    async def run(self, client: CheckedClient) -> None:
        rules = tuple(RULES[name] for name in self.asked.rules if name in RULES)
        await begin(self.pool, self.certification_id, self._tried(rules), self.clock.now())
        players = self._players(client)
        wallet = Wallet(
            *(self.voice, client, players, self.clock, self.asked.currency),
            by_url(self.asked.hooks_url, client) if self.asked.hooks_url else {},
            second_currency=self.asked.second_currency,
            more_currencies=self._more_currencies() if self.asked.players_url else (),
        )
        results: list[Result] = []
        began = self.clock.boot()
        why = ""
        try:
            async with asyncio.timeout(TIME_S):
                async for result in run(wallet, rules, has=frozenset(self.asked.has)):
                    results.append(told_here(result))
                    await self._keep_named()
                    await self._keep(len(results), results[-1])
        except TimeoutError:
            why = f"It was ended after {TIME_S / 60:.0f} minutes, with {len(results)} of {len(rules)} rules judged."
        except (TooManyCalls, NoPlayers) as error:
            why = str(error)
        finally:
            await self._keep_named()  # also of the rule in the middle of which it was stopped
        report = Report(
            results=tuple(results),
            dialect=self.operator.dialect,
            wallet_url=self.operator.wallet_url,
            currency=self.asked.currency,
            level=self.asked.level,
            at=self.clock.now(),
            ms=(self.clock.boot() - began) // 1000,
            dialect_hash=self.voice.fingerprint,
        )
        reports: dict[Format, str] = {
            "json": as_json(report),
            "html": formats.page(report),
            "junit": formats.junit(report),
            "markdown": formats.markdown(report),
        }
        await end(
            self.pool, self.certification_id, "cut_off" if why else "finished", self.clock.now(),
            why=why, fix_first=report.fix_first, reports=reports,
        )  # fmt: skip

    async def beat(self) -> None:
        """Until nobody wants this check any more."""
        while await beat(self.pool, self.certification_id):
            await self._keep_named()
            await self.clock.sleep(BEAT_S)

    async def _keep_named(self) -> None:
        """What was sent stands in the wallet's books, however this process ends."""
        if named := sorted(self.voice.named):
            await keep_transactions(self.pool, self.operator.operator_id, named)
            self.voice.named.difference_update(named)

    async def _keep(self, place: int, result: Result) -> None:
        heard = result.heard[-HEARD_MAX:]
        names = [exchange_id(one.at, self.ids.random(7)) for one in heard]
        told: dict[str, Any] = result_data(result)
        told["group"] = result.rule.group
        told["calls"] = [
            {"exchange_id": name, "call": one.kind, "transaction": one.label, "retry": one.retry,
             "answer": status_of(one), "ms": took_ms(one)}
            for name, one in zip(names, heard, strict=True)
        ]  # fmt: skip
        shown = len(evidence(result))
        for told_one, name in zip(told["evidence"], names[-shown:] if shown else (), strict=True):
            told_one["exchange_id"] = name
        if heard:
            named = zip(heard, names, strict=True)
            kept = [exchange_of(one, self.operator, self.certification_id, name) for one, name in named]
            await keep_apart(self.pool, self.operator.operator_id, kept)
        await keep_result(self.pool, self.certification_id, place, told)

    def _players(self, client: CheckedClient) -> Players:
        if self.asked.players_url:
            return ByUrl(self.asked.players_url, client)
        return Listed(self.asked.players)

    def _more_currencies(self) -> tuple[str, ...]:
        """One of the operator's for each number of decimals that its first one has not."""
        chosen = {CURRENCIES[self.asked.currency].exponent: ""}
        for code in self.operator.currencies:
            chosen.setdefault(CURRENCIES[code].exponent, code)
        return tuple(code for code in chosen.values() if code)

    def _tried(self, rules: tuple[Rule, ...]) -> Tried:
        return Tried(
            dialect=self.operator.dialect,
            wallet_url=self.operator.wallet_url,
            currency=self.asked.currency,
            rule_set=RULE_SET,
            rules_hash=fingerprint(rules),
            version=importlib.metadata.version("croupier"),
        )


async def main(certification_id: str) -> None:
    settings = Settings.read()
    pool = await open_pool(settings.database_url, "certifier", 3)
    try:
        wanted = await taken(pool, certification_id)
        if wanted is None:
            return
        operator_id, asked = wanted
        registry, clock = Registry(pool, vault(settings)), SystemClock()
        operator = await registry.operator(operator_id)
        if operator is None:
            raise KeyError(operator_id)
        client = CheckedClient(operator, wallet_context(await callback_certificate(registry, clock.now())))
        check = Check(pool, certification_id, operator, asked)
        running = asyncio.ensure_future(check.run(client))
        beating = asyncio.ensure_future(check.beat())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
        try:
            await asyncio.wait((running, beating), return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
        finally:
            running.cancel()
            beating.cancel()
            await asyncio.gather(running, beating, return_exceptions=True)
            client.close()
    finally:
        await pool.close()


if __name__ == "__main__":
    die_with_parent()
    os.nice(NICE)
    asyncio.run(main(sys.argv[1]))
