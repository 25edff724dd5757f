"""What the bot must not forget, in SQLite or PostgreSQL: `store` is what the other parts use."""
