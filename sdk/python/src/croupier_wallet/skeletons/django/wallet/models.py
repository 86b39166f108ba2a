from django.db import models


class Player(models.Model):
    """To try the wallet with. Delete it when the ledger stands on a model of yours."""

    id = models.CharField(max_length=64, primary_key=True)
    balance = models.BigIntegerField()
    currency = models.CharField(max_length=10)
    blocked = models.BooleanField(default=False)

    class Meta:
        db_table = "players"
