"""Documents and their contents: uploading, getFile and downloading.

Source: Bot API, sendDocument, getFile, File, "Sending files".
"""

from dataclasses import dataclass
from typing import Any

from tests.botapi.errors import ApiError, bad_request

MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
LINK_VALID_S = 3600  # "guaranteed that the link will be valid for at least 1 hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came as a part of a multipart request."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A general file; `size` is its length in bytes, which `content` may fall short of."""

    number: int
    name: str
    mime_type: str
    content: bytes
    size: int

    @property
    def file_id(self) -> str:
        """The identifier that a bot downloads or sends it by."""
        return f"BQACAgTestDocument{self.number:06}"

    @property
    def path(self) -> str:
        """Where its content is found, once getFile has been called."""
        suffix = self.name.rpartition(".")[2] if "." in self.name else "bin"
        return f"documents/file_{self.number}.{suffix}"

    def to_json(self) -> dict[str, Any]:
        """Return the Document object."""
        document = {
            "file_name": self.name,
            "mime_type": self.mime_type,
            "file_id": self.file_id,
            "file_unique_id": f"AgADtest{self.number:06}",
            "file_size": self.size,
        }
        return {name: value for name, value in document.items() if value}


class Files:
    """All documents of one bot's world."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] = {}
        self._links: dict[str, tuple[Document, float]] = {}

    def add(self, content: bytes, *, name: str, mime_type: str, size: int = 0) -> Document:
        """Keep a document; `size` pretends that it is larger than its content."""
        document = Document(
            number=len(self._documents) + 1,
            name=name,
            mime_type=mime_type,
            content=content,
            size=size or len(content),
        )
        self._documents[document.file_id] = document
        return document

    def received(self, given: Upload | str) -> Document:
        """Return the document that a bot sends: uploaded now, or named by its file_id.

        Raises:
            ApiError: 400 for an empty file or an unknown id, 413 for more than 50 MB, 501 for
                an address to fetch it from.
        """
        if isinstance(given, Upload):
            if not given.content:
                raise bad_request("file must be non-empty")
            if len(given.content) > MAX_UPLOAD_BYTES:
                raise ApiError(413, "Request Entity Too Large")
            return self.add(given.content, name=given.name, mime_type=given.mime_type)
        if "://" in given:
            raise ApiError(501, "Not Implemented: the test server fetches no files")
        if given not in self._documents:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return self._documents[given]

    def link(self, file_id: str, *, now: float) -> dict[str, Any]:
        """Return the File object of getFile, whose path works for an hour.

        Raises:
            ApiError: 400 for an unknown id or a file of more than 20 MB.
        """
        document = self._documents.get(file_id)
        if document is None:
            raise bad_request("invalid file_id")
        if document.size > MAX_DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        self._links[document.path] = (document, now + LINK_VALID_S)
        described = document.to_json()
        described.pop("file_name")
        described.pop("mime_type", None)
        return described | {"file_path": document.path}

    def download(self, path: str, *, now: float) -> bytes:
        """Return the content behind a path that getFile has given.

        Raises:
            ApiError: 404 when there is none, or none any more.
        """
        document, valid_until = self._links.get(path, (None, 0.0))
        if document is None or now > valid_until:
            raise ApiError(404, "Not Found")
        return document.content
