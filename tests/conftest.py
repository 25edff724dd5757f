"""Fixtures for all tests: an encoder without a model, the real one, and the real documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from index.build import build
from index.encoder import DEFAULT_ENCODER, SentenceTransformerEncoder
from index.retriever import LocalRetriever
from tests.fakes import FakeEncoder
from tests.postgres import PostgresServer, postgres_folder

settings.register_profile("verbatim", deadline=None)  # a busy machine is no failure
settings.load_profile("verbatim")


@pytest.fixture
def fake_encoder() -> FakeEncoder:
    """Return an encoder that needs no model."""
    return FakeEncoder()


@pytest.fixture
def seeds_dir(tmp_path: Path) -> Path:
    """Return an empty folder for documents, named `seeds`."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    return folder


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    """Return a state folder that does not exist yet."""
    return tmp_path / "state"


@pytest.fixture(scope="session")
def real_seeds() -> Path:
    """Return the folder of the documents that come with the project."""
    return Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="session")
def model_encoder() -> SentenceTransformerEncoder:
    """Return the real encoder; its model is loaded once, when first used."""
    return SentenceTransformerEncoder.from_name(DEFAULT_ENCODER)


@pytest.fixture(scope="session")
def real_state(
    real_seeds: Path,
    model_encoder: SentenceTransformerEncoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Return a state folder with an index of the project's documents, by the real encoder."""
    state_dir: Path = tmp_path_factory.mktemp("state")
    build(real_seeds, state_dir, model_encoder)
    return state_dir


@pytest.fixture(scope="session")
def real_retriever(real_state: Path, model_encoder: SentenceTransformerEncoder) -> LocalRetriever:
    """Return a retriever over the project's documents, with the real encoder."""
    return LocalRetriever.from_state(real_state, model_encoder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Start a PostgreSQL server of our own; whoever stops it starts it again."""
    programs = postgres_folder()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql): NOT TESTED WITH IT")
    server = PostgresServer(programs)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """Return the address of an empty database."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)
