"""The schema, as SQL files that Alembic applies in this order. New ones go to the end; a released one never changes."""

VERSIONS = (
    "0001_journal",
    "0002_registry",
    "0003_projector_heartbeat",
    "0004_ledger",
    "0005_campaigns",
    "0006_reconciliation",
    "0007_leases",
    "0008_resolutions",
    "0009_dialects",
    "0010_campaign_notes",
    "0011_callback_keys",
    "0012_exchange_findings",
    "0013_retries",
    "0014_certifications",
    "0015_finished_rounds",
    "0016_going_live",
    "0017_checked_transactions",
    "0018_sums_of_free_rounds",
    "0019_checks_in_time",
    "0020_items_of_late_answers",
)
