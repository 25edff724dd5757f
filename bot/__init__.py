"""The faces of Verbatim: Telegram and the terminal."""
