"""Where records become durable and lists are read. Nothing else opens the database."""
