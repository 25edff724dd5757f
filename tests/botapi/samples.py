"""Messages that are no text, as the Bot API shows them (Bot API, Message)."""

from collections.abc import Mapping
from typing import Any

_PHOTO = {
    "file_id": "AgACTestPhoto",
    "file_unique_id": "AQADTestPhoto",
    "file_size": 1_204,
    "width": 90,
    "height": 60,
}

SAMPLES: Mapping[str, Any] = {
    "photo": [_PHOTO],
    "sticker": {
        "file_id": "CAACTestSticker",
        "file_unique_id": "AgADTestSticker",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    },
    "voice": {
        "file_id": "AwACTestVoice",
        "file_unique_id": "AgADTestVoice",
        "duration": 3,
        "mime_type": "audio/ogg",
        "file_size": 11_500,
    },
    "location": {"latitude": 52.52, "longitude": 13.405},
    "contact": {"phone_number": "+491234567", "first_name": "Grace"},
    "dice": {"emoji": "🎲", "value": 4},
}
