"""Words of the room `tables`."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {}
