"""The wallet that Croupier calls: POST balance, bet, win and rollback below this address."""

from croupier_wallet import PlayerTable, SqlLedger, WalletServer, wallet_secrets
from croupier_wallet.django import django_database, wallet_urls

# Your model's table and columns. Is it not that simple? Write the two functions of croupier_wallet.Players.
players = PlayerTable("players", id="id", balance="balance", currency="currency", blocked="blocked")

urlpatterns = wallet_urls(WalletServer(SqlLedger(django_database(), players), wallet_secrets()))
