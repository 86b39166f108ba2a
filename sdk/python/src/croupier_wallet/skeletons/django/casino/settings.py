"""As little as Django needs to serve the wallet; your project has its own."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[1]
SECRET_KEY = "only to try the wallet"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "casino.urls"
INSTALLED_APPS = ["wallet"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "wallet.db",
        # Calls of several players wait for each other, instead of failing.
        "OPTIONS": {"timeout": 4, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode = WAL"},
    }
}
