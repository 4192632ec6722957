"""Words of the room `sources`."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {}
