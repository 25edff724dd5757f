"""Inserts that meet a row with the same key: SQLite and PostgreSQL say it in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Insert
from sqlalchemy.ext.compiler import compiles

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.sql.compiler import SQLCompiler

__all__ = ["insert_or_keep", "insert_or_replace"]


class _OrKeep(Insert):
    inherit_cache = True


class _OrReplace(Insert):
    inherit_cache = True


def insert_or_keep(table: Table) -> Insert:
    """Return an insert that leaves a row with the same key as it is; its `rowcount` is 0 then."""
    return _OrKeep(table).inline().execution_options(preserve_rowcount=True)


def insert_or_replace(table: Table) -> Insert:
    """Return an insert that takes the place of a row with the same key, defaults included."""
    return _OrReplace(table).inline()


@compiles(_OrKeep)
def _kept(element: _OrKeep, compiler: SQLCompiler, **options: Any) -> str:
    return f"{_insert(element, compiler, **options)} ON CONFLICT DO NOTHING"


@compiles(_OrReplace)
def _replaced(element: _OrReplace, compiler: SQLCompiler, **options: Any) -> str:
    columns = element.table.columns
    key = ", ".join(each.name for each in columns if each.primary_key)
    changes = ", ".join(
        f"{each.name} = excluded.{each.name}" for each in columns if not each.primary_key
    )
    insert = _insert(element, compiler, **options)
    return f"{insert} ON CONFLICT ({key}) DO UPDATE SET {changes}"


def _insert(element: Insert, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.visit_insert(element, **options))  # type: ignore[no-untyped-call]
