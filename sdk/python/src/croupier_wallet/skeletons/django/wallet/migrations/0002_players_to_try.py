"""Three players with 1,000.00 EUR each, to try the wallet with."""

from django.db import migrations, models

ROWS = [("p-1", False), ("p-2", False), ("p-blocked", True)]


def fill(apps, schema_editor):
    for name, blocked in ROWS:
        apps.get_model("wallet", "Player").objects.create(id=name, balance=100_000, currency="EUR", blocked=blocked)


class Migration(migrations.Migration):
    dependencies = [("wallet", "0001_ledger")]
    operations = [
        migrations.CreateModel(
            name="Player",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("balance", models.BigIntegerField()),
                ("currency", models.CharField(max_length=10)),
                ("blocked", models.BooleanField(default=False)),
            ],
            options={"db_table": "players"},
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
