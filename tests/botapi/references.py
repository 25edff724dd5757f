"""Character references in HTML markup: four names, and numbers.

Source: TDLib, MessageEntity.cpp, decode_html_entity.
"""

import re

_REFERENCE = re.compile(rb"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([A-Za-z]*))")
_NAMED = {b"lt": ord("<"), b"gt": ord(">"), b"amp": ord("&"), b"quot": ord('"')}
_MAX_BYTES = 10
_MAX_CODE_POINT = 0x10FFFF


def decode_reference(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the UTF-8 of the reference that begins at `at`, and the place behind it.

    What is no reference is an ampersand; the semicolon may be missing. Half of a surrogate pair
    is decoded as well: it is the whole text that has to be valid in the end.
    """
    match = _REFERENCE.match(data, at)
    code = _code_point(match) if match else 0
    if match is None or not code:
        return b"&", at + 1
    has_semicolon = data[match.end() : match.end() + 1] == b";"
    return chr(code).encode(errors="surrogatepass"), match.end() + has_semicolon


def _code_point(match: re.Match[bytes]) -> int:
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        return _NAMED.get(name, 0)
    digits = hexadecimal if hexadecimal is not None else decimal
    if not digits or len(match.group()) >= _MAX_BYTES:
        return 0
    code = int(digits, 16 if hexadecimal is not None else 10)
    return code if code < _MAX_CODE_POINT else 0
