"""Words of the room `report`."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {}
