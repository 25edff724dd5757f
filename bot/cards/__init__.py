"""Answers as Telegram shows them."""
