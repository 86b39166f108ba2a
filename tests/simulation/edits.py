"""Mistakes that other tests than the simulation must find: one edit of one line each, and the test that sees it.

``CROUPIER_EDIT=NAME pytest …`` runs tests against the edited code; see `tests/conftest.py`.
"""

import importlib
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Edit:
    """`module`: which file, `old`: text that stands in it, `new`: what stands there instead. `test`: who must fail."""

    said: str
    module: str
    old: str
    new: str
    test: str

    def apply(self) -> None:
        """Puts the edited module where imports find it. Before anybody has imported the honest one."""
        assert self.module not in sys.modules, f"{self.module} was imported already"
        spec = importlib.util.find_spec(self.module)
        assert spec is not None
        assert spec.origin is not None
        text = Path(spec.origin).read_text(encoding="utf-8")
        assert self.old in text, f"{self.module} does not say {self.old!r} any more"
        module = importlib.util.module_from_spec(spec)
        sys.modules[self.module] = module
        exec(compile(text.replace(self.old, self.new, 1), spec.origin, "exec"), module.__dict__)
        package, _, name = self.module.rpartition(".")
        setattr(importlib.import_module(package), name, module)


EDITS = {
    "changed_body_believed": Edit(
        "M-34: a signature that was right once is right with any body.",
        "croupier.wallet.signature",
        """            return None
    return "bad_signature"
""",
        """            KNOWN.add(signature)
            return None
    return None if signature in KNOWN else "bad_signature"


KNOWN = set()
""",
        "tests/wallet/test_signature.py",
    ),
    "missing_tenant_filter": Edit(
        "M-35: the list of rounds holds those of other operators.",
        "croupier.store.reads",
        "WHERE operator_id = $1\n",
        "WHERE $1::text IS NOT NULL\n",
        "tests/api/test_tenants.py::test_a_stranger_gets_nothing",
    ),
    "approved_by_the_same_person": Edit(
        "M-36: who proposes a resolution may approve it.",
        "croupier.rounds.resolution",
        "if e.proposed_by == e.approved_by:",
        "if False:",
        "tests/rounds/test_stories.py",
    ),
    "void_by_one_person": Edit(
        "M-36: who proposes a void may approve it.",
        "croupier.rounds.lifecycle",
        "if e.proposed_by == e.approved_by:",
        "if False:",
        "tests/rounds/test_refusals.py",
    ),
    "void_of_the_next_round": Edit(
        "A void that people decided meets the round that the player has begun since.",
        "croupier.rounds.lifecycle",
        'if e.round_id not in ("", r.round_id):',
        "if False:",
        "tests/rounds/test_refusals.py",
    ),
    "operator_changed_and_nobody_told": Edit(
        "M-25: an operator's settings are changed, and the audit log has no entry of it.",
        "croupier.store.registry",
        "            if changed:\n",
        "            if False:\n",
        "tests/store/test_audit.py::test_every_change_has_one_entry_that_says_who_and_what",
    ),
    "told_after_the_act": Edit(
        "M-25, another way: an entry is written when the change is already there, in a transaction of its own.",
        "croupier.store.registry",
        """            told = {"last4": key[-4:], "others": "kept" if keep_old else "revoked"}
            await add_entry(""",
        """        async with self.pool.acquire() as db, db.transaction():
            told = {"last4": key[-4:], "others": "kept" if keep_old else "revoked"}
            await add_entry(""",
        "tests/store/test_audit.py::test_what_cannot_be_told_is_not_done",
    ),
    "biased_draws": Edit(
        "M-37: words that make some numbers too frequent are not rejected.",
        "croupier.games.rng",
        "if low < n and low < (1 << bits) % n:",
        "if False:",
        "tests/games/test_rng.py::test_every_number_comes_from_equally_many_words",
    ),
    "a_stop_that_never_comes": Edit(
        "M-38: the last stop of every reel has no weight.",
        "croupier.games.reels",
        "divmod(number, self.lengths[reel])",
        "divmod(number, self.lengths[reel] - 1)",
        "tests/games/test_slot_evaluation.py::test_every_stop_is_reached_by_exactly_one_number",
    ),
    "near_misses": Edit(
        "M-39: a spin that lost shows its first reel as the second, so that it nearly won.",
        "croupier.games.slot",
        "spun = spinner.spin(rng.below(spinner.reels.cycle))\n",
        "spun = spinner.spin(rng.below(spinner.reels.cycle))\n"
        '            spun["window"][0] = spun["window"][0 if spun["win"] else 1]\n',
        "tests/games/test_slot_evaluation.py::test_a_round_shows_what_was_drawn",
    ),
    "revoked_key_accepted": Edit(
        "M-40: an API key that was revoked still opens the door.",
        "croupier.store.registry",
        "FROM api_keys WHERE revoked_at IS NULL",
        "FROM api_keys",
        "tests/store/test_registry.py",
    ),
    "old_requests_accepted": Edit(
        "M-41: the timestamp of a signed message is not looked at.",
        "croupier.wallet.signature",
        "if abs(at // 1_000_000 - int(timestamp)) > TOLERANCE_S:",
        "if False:",
        "tests/wallet/test_signature.py::test_five_minutes_both_ways",
    ),
    "written_under_a_name_nobody_heard": Edit(
        "A process that took another name writes before a heartbeat has shown it.",
        "croupier.store.group_commit",
        "if not self.is_heard:",
        "if False:",
        "tests/store/test_postgres.py",
    ),
    "late_heartbeat_believed": Edit(
        "A heartbeat that comes when a peer may have counted five silent seconds saves the name it was sent under.",
        "croupier.runtime.lease",
        " or self._silent_us(ended) > self._lost_us",
        "",
        "tests/runtime/test_lease.py",
    ),
}
