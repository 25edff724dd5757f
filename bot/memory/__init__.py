"""What the bot remembers, one module a table."""
