"""A generation on a distributed engine: pushed there once, asked there by any number of bots."""
