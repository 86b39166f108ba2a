"""A Django project on PostgreSQL with ATOMIC_REQUESTS, in a process of its own: ``python django_house.py DSN SECRET``.

Reads signed requests as JSON lines of lists, plays those of one list at the same moment, prints the answers likewise.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.urls import include, path

from croupier_wallet import PlayerTable, SqlLedger, WalletServer
from croupier_wallet.django import django_database, wallet_urls
from croupier_wallet.schema import statements

dsn, secret = sys.argv[1:]
address = urlsplit(dsn)
settings.configure(
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF=__name__,
    # As many projects have it: the session's middleware and all that, and a transaction around every view.
    MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware", "django.middleware.common.CommonMiddleware"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": address.path.strip("/"),
            "USER": address.username,
            "HOST": parse_qs(address.query)["host"][0],
            "ATOMIC_REQUESTS": True,
        }
    },
)
django.setup()
ledger = SqlLedger(django_database(), PlayerTable("players"))
urlpatterns = [path("wallet/", include(wallet_urls(WalletServer(ledger, [secret], clock=lambda: 1_800_000_000))))]


def played(request: dict) -> list:
    try:
        answer = Client(enforce_csrf_checks=True).generic(
            "POST", f"/wallet{request['path']}", request["body"], "application/json", headers=request["headers"]
        )
        return [answer.status_code, json.loads(answer.content)]
    finally:
        connections.close_all()


if __name__ == "__main__":
    with connection.cursor() as cursor:
        for statement in statements(connection.vendor):
            cursor.execute(statement)
        cursor.execute("CREATE TABLE players (id text PRIMARY KEY, balance bigint, currency text)")
        cursor.execute("INSERT INTO players VALUES ('p', 1000, 'EUR'), ('q', 1000, 'EUR')")
    connection.close()
    with ThreadPoolExecutor(8) as threads:
        for line in sys.stdin:
            sys.stdout.write(json.dumps(list(threads.map(played, json.loads(line)))) + "\n")
            sys.stdout.flush()
