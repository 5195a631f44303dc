"""Which words there are and how likely: lists that ship or that a user brings, and one's own."""

from glissando.lexicon.lexicon import Lexicon
from glissando.lexicon.personal import PersonalChanges, PersonalWords, personal_words_file
from glissando.lexicon.personal_file import PersonalWordsError, matching_key
from glissando.lexicon.reading import LexiconError
from glissando.lexicon.spelling import SpellingError, spellings
from glissando.lexicon.trie import Trie, build_trie
from glissando.lexicon.words import (
    load_lexicon,
    load_words,
    word_list_bytes,
    word_list_licence,
    word_list_names,
)

__all__ = [
    "Lexicon",
    "LexiconError",
    "PersonalChanges",
    "PersonalWords",
    "PersonalWordsError",
    "SpellingError",
    "Trie",
    "build_trie",
    "load_lexicon",
    "load_words",
    "matching_key",
    "personal_words_file",
    "spellings",
    "word_list_bytes",
    "word_list_licence",
    "word_list_names",
]
