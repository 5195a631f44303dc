"""Which words there are: lists that ship with the package or that a user brings."""

from glissando.lexicon.words import LexiconError, load_words, word_list_names

__all__ = ["LexiconError", "load_words", "word_list_names"]
