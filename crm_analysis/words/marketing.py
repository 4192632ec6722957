"""Words of the room `marketing`."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {}
