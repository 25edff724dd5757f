"""From a folder of documents to ranked, cited passages. Never imports `bot`."""
