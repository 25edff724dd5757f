"""Several processes of one bot: which of them does what, and what becomes of one that ends."""
