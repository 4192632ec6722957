"""Words of the room `segments`."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {}
