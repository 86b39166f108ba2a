"""A wallet in an API of its own, written from nothing of ours: decimal texts, UUIDs, statuses, one signed header.

`python -m conformance.house_wallet PORT`; ``POST /players`` opens an account with minor units, as the kit asks.
"""

import hashlib
import hmac
import json
import sys
import threading
import time
from decimal import Decimal, InvalidOperation
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID, uuid4

SECRET = "house-secret"


class Refusal(Exception):
    def __init__(self, status: int, problem: str, funds: Decimal | None = None) -> None:
        self.status, self.problem, self.funds = status, problem, funds


class House:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.accounts: dict[str, list] = {}  # login -> [currency, funds]
        self.done: dict[str, tuple] = {}  # operation -> (what it was, status, answer)
        self.stakes: dict[str, list] = {}  # operation -> [login, money, "open" | "undone" | "settled"]

    def open(self, currency: str, minor: int) -> str:
        login = f"login-{uuid4().hex[:8]}"
        self.accounts[login] = [currency, Decimal(minor).scaleb(-2)]
        return login

    def answer(self, verb: str, told: dict) -> tuple[int, dict]:
        with self.lock:
            account = self.accounts.get(told["login"])
            if account is None:
                raise Refusal(404, "NO_LOGIN")
            if told["currency"] != account[0]:
                raise Refusal(422, "WRONG_CURRENCY")
            if verb == "funds":
                return 200, {"result": {"funds": f"{account[1]:.2f}", "currency": account[0]}}
            operation = str(UUID(told["operation"]))
            content = (verb, told["login"], told.get("money"), told.get("stake"), told["game_round"])
            if operation in self.done:
                first, status, answer = self.done[operation]
                if first != content:
                    raise Refusal(409, "OPERATION_DIFFERS")
                if verb == "debit" and self.stakes[operation][2] == "undone":
                    raise Refusal(410, "CANCELLED")
                return status, answer
            try:
                status, answer = 201, getattr(self, verb)(account, told, operation)
            except Refusal as refusal:
                if refusal.problem == "NO_FUNDS":
                    self.done[operation] = (content, 402, refused(refusal))
                    self.stakes[operation] = [told["login"], Decimal(0), "refused"]
                raise
            self.done[operation] = (content, status, answer)
            return status, answer

    def debit(self, account: list, told: dict, operation: str) -> dict:
        money = amount(told)
        if self.stakes.get(operation, ["", 0, ""])[2] == "undone":
            raise Refusal(410, "CANCELLED")
        if Decimal(told["valid_until"]) + 30 < Decimal(time.time()):
            raise Refusal(410, "TOO_LATE")
        if money > account[1]:
            raise Refusal(402, "NO_FUNDS", account[1])
        account[1] -= money
        self.stakes[operation] = [told["login"], money, "open"]
        return done(account)

    def credit(self, account: list, told: dict, operation: str) -> dict:
        stake = self.stakes.get(str(UUID(told["stake"])))
        if stake is None:
            raise Refusal(404, "NO_STAKE")
        if stake[0] != told["login"] or stake[2] not in ("open", "settled"):
            raise Refusal(409, "OPERATION_DIFFERS")
        account[1] += amount(told)
        stake[2] = "settled"
        return done(account)

    def undo(self, account: list, told: dict, operation: str) -> dict:
        stake = self.stakes.setdefault(str(UUID(told["stake"])), [told["login"], Decimal(0), "undone"])
        if stake[0] != told["login"] or stake[2] == "settled":
            raise Refusal(409, "OPERATION_DIFFERS")
        if stake[2] == "open":
            account[1] += stake[1]
            stake[2] = "undone"
        return done(account)


def amount(told: dict) -> Decimal:
    if not isinstance(told["money"], str) or not told["money"].replace(".", "", 1).isdigit():
        raise Refusal(400, "BAD_REQUEST")
    money = Decimal(told["money"])
    if money != money.quantize(Decimal("0.01")):
        raise Refusal(400, "BAD_REQUEST")
    return money


def done(account: list) -> dict:
    return {"result": {"funds": f"{account[1]:.2f}", "currency": account[0], "receipt": str(uuid4())}}


def refused(refusal: Refusal) -> dict:
    funds = {"funds": f"{refusal.funds:.2f}"} if refusal.funds is not None else {}
    return {"problem": {"name": refusal.problem}, "result": funds}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    house = House()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            if self.path == "/players":
                asked = json.loads(body)
                self.say(201, {"player_id": self.house.open(asked["currency"], asked["balance"])})
                return
            self.verify(body)
            verb = self.path.rpartition("/")[2]
            if self.path.rpartition("/")[0] != "/house" or verb not in ("funds", "debit", "credit", "undo"):
                raise Refusal(404, "NO_SUCH_CALL")
            self.say(*self.house.answer(verb, json.loads(body)))
        except Refusal as refusal:
            self.say(refusal.status, refused(refusal))
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
            self.say(400, {"problem": {"name": "BAD_REQUEST"}})

    def verify(self, body: bytes) -> None:
        stamp = self.headers.get("X-House-Time", "")
        right = hmac.new(SECRET.encode(), f"{stamp}|{self.path}|".encode() + body, hashlib.sha512).hexdigest()
        if not hmac.compare_digest(self.headers.get("X-House-Seal", ""), "v1=" + right):
            raise Refusal(401, "BAD_SEAL")
        if not stamp.isdigit() or abs(time.time() - int(stamp) / 1000) > 300:
            raise Refusal(401, "OLD_SEAL")

    def say(self, status: int, members: dict) -> None:
        body = json.dumps(members).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
