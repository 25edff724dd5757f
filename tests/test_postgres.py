"""The PostgreSQL server that tests start does what they rely on."""

from tests.postgres import PostgresServer


def test_a_server_comes_back_with_what_was_written(postgres: PostgresServer) -> None:
    """Stopped, or crashed, it has all that was committed; each database is its own."""
    name = postgres.new_database().rpartition("/")[2]
    postgres.execute("CREATE TABLE kept (at int)", name)
    for crash in (False, True):
        postgres.execute(f"INSERT INTO kept SELECT {int(crash)}", name)
        with postgres.stopped(crash=crash):
            pass
    assert postgres.execute("SELECT at FROM kept ORDER BY at", name) == "0\n1"
    assert postgres.execute("SHOW fsync", name) == "on"
    other = postgres.new_database().rpartition("/")[2]
    assert postgres.execute("SELECT count(*) FROM pg_class WHERE relname = 'kept'", other) == "0"
