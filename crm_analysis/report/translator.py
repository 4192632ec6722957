"""How papermill writes parameters into a notebook: Chinese stays Chinese, odd types are refused."""

from __future__ import annotations

from papermill.translators import PythonTranslator


class ReadablePython(PythonTranslator):
    r"""Write texts as they are, where papermill's own translator writes escapes.

    Examples
    --------
    >>> ReadablePython.codify({"title": "客户", "weeks": 8})
    "# Parameters\ntitle = '客户'\nweeks = 8\n"
    """

    @classmethod
    def translate_str(cls, val: str) -> str:
        """Return the text as a Python literal."""
        return repr(val)

    @classmethod
    def translate_escaped_str(cls, val: object) -> str:
        """Refuse what is no plain value; papermill would turn it into a text."""
        raise TypeError(f"cannot hand {type(val).__name__} {val!r} to a notebook")
