"""Alembic's folder: each change of the tables after another, in `versions`."""
