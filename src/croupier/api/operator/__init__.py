"""The operators' API under ``/api/v1``: their servers with a key, their people with the account's cookie."""
