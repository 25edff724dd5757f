"""Between Telegram and the handlers: nothing is lost, doubled, out of order or impolite."""
