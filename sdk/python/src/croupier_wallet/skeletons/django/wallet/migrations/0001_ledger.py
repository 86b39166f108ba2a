"""The ledger's two tables, in the words of whatever database this is."""

from django.db import migrations

from croupier_wallet.schema import statements


def create(apps, schema_editor):
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
