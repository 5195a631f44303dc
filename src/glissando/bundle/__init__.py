"""The exported folder that training writes and every runtime reads."""

from glissando.bundle.description import (
    GRAPHS,
    LEXICON,
    LEXICON_LICENCE,
    BundleError,
    Description,
)
from glissando.bundle.folder import Bundle, read_bundle, write_bundle

__all__ = [
    "GRAPHS",
    "LEXICON",
    "LEXICON_LICENCE",
    "Bundle",
    "BundleError",
    "Description",
    "read_bundle",
    "write_bundle",
]
