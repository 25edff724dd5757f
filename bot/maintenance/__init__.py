"""The maintainer's work: builds, rollbacks, documents, and the state of it all."""
