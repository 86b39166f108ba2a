"""An operator's wallet as somebody else would write it: Django with django-modern-rpc, knowing the API and not us.

``python django_wallet.py PORT CASINO_ID KEY`` serves the callback at /callback and /book for the tests.
"""

import hashlib
import hmac
import json
import struct
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings

PORT, CASINO, KEY = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
settings.configure(SECRET_KEY="only for tests", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], USE_TZ=True)

import django  # noqa: E402 - Django wants its settings first

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402
from modernrpc import Protocol, RpcServer  # noqa: E402
from modernrpc.exceptions import RPCException  # noqa: E402

server = RpcServer(supported_protocol=Protocol.JSON_RPC, register_system_procedures=False)
lock = threading.Lock()
players: dict[str, dict[str, int]] = {}
done: dict[str, dict] = {}
"""transactionRef -> {player, net, charged, answer, undone}"""
calls: list[dict] = []
failing: list[str] = []
"""Methods that answer with status 500 after they have worked, one entry each time."""


class NotEnoughMoney(RPCException):
    def __init__(self) -> None:
        super().__init__(1, "Not enough money")


def player(name: str) -> dict[str, int]:
    if name not in players:
        raise RPCException(7, "there is no such player")
    return players[name]


@server.register_procedure(name="getBalance")
def get_balance(callerId, playerName, currency, **more):  # noqa: N803
    found = player(playerName)
    answer = {"balance": found["balance"]}
    return answer | ({"freeroundsLeft": found["free"]} if "bonusId" in more else {})


@server.register_procedure(name="withdrawAndDeposit")
def withdraw_and_deposit(callerId, playerName, currency, withdraw, deposit, transactionRef, **more):  # noqa: N803, PLR0917
    with lock:
        found, seen = player(playerName), done.get(transactionRef)
        if seen is not None:
            if seen["undone"]:
                raise RPCException(6, "this transaction was rolled back")
            return seen["answer"]
        charge = more.get("chargeFreerounds", 0)
        charged = 0 < charge <= found["free"]
        taken = 0 if charged else withdraw
        if taken > found["balance"]:
            raise NotEnoughMoney
        found["free"] -= charge if charged else 0
        found["balance"] += deposit - taken
        answer = {"newBalance": found["balance"], "transactionId": f"dj-{len(done) + 1}"}
        if charge:
            answer |= {"freeroundsLeft": found["free"], "freeroundWasCharged": charged}
        done[transactionRef] = {
            "player": playerName,
            "net": deposit - taken,
            "charged": charge if charged else 0,
            "answer": answer,
            "undone": False,
        }
        return answer


@server.register_procedure(name="rollbackTransaction")
def rollback_transaction(callerId, playerName, transactionRef, **more):  # noqa: N803
    with lock:
        found, seen = player(playerName), done.get(transactionRef)
        if seen is None:
            done[transactionRef] = {"player": playerName, "net": 0, "charged": 0, "answer": None, "undone": True}
        elif not seen["undone"]:
            found["balance"] -= seen["net"]
            found["free"] += seen["charged"]
            seen["undone"] = True
    return {}


@csrf_exempt
def callback(request: HttpRequest) -> HttpResponse:
    given = request.headers
    packed = struct.pack(">QI", int(given["X-Nonce"]), int(given["X-Timestamp"])) + request.body
    digest = hmac.new(KEY.encode(), packed, hashlib.sha256).hexdigest()
    if given["X-Subject"] != f"casino:{CASINO}" or given["X-Signature"].rpartition("=")[2] != digest:
        return HttpResponse("wrong signature", status=401)
    call = json.loads(request.body)
    calls.append(call)
    if call["params"]["callerId"] != CASINO:
        return HttpResponse("wrong caller", status=401)
    response = server.view(request)
    if call["method"] in failing:
        failing.remove(call["method"])
        return HttpResponse("<h1>Internal Server Error</h1>", status=500)
    return response


@csrf_exempt
def book(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        told = json.loads(request.body)
        players.update(told.get("players", {}))
        failing.extend(told.get("failing", []))
    return JsonResponse({"players": players, "done": done, "calls": calls})


urlpatterns = [path("callback", callback), path("book", book)]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


if __name__ == "__main__":
    make_server("127.0.0.1", PORT, get_wsgi_application(), Server, Quiet).serve_forever()
