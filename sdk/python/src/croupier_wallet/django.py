"""Glue for Django: ``path("wallet/", include(wallet_urls(server)))``, and the ledger on Django's own connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from croupier_wallet.databases import Database
from croupier_wallet.server import WalletServer


def django_database(alias: str = "default") -> Database:
    """The ledger's transactions on the connection that models use; never a second one."""

    @contextmanager
    def atomic() -> Iterator[Any]:
        # durable: an answer must never leave before its commit, so this is the outermost transaction.
        with transaction.atomic(using=alias, durable=True):
            yield connections[alias]

    return Database(connections[alias].vendor, atomic)


def wallet_urls(server: WalletServer) -> list[URLPattern]:
    """The route of the four calls, with and without a slash at its end."""

    @csrf_exempt
    @transaction.non_atomic_requests
    def answer(request: HttpRequest, call: str) -> HttpResponse:  # noqa: ARG001 - Django hands over what the route names
        found = server.handle(request.method or "", request.path, request.headers, request.body)
        return HttpResponse(found.body, status=found.status, headers=found.headers)

    return [re_path(r"^(?P<call>[^/]+)/?$", answer, name="croupier_wallet")]
