"""Turkish-aware folding, sorting and codes, computed once in Python so that every database agrees.

The database only ever compares bytes: neither SQLite nor every PostgreSQL build knows Turkish.
"""

import re
import unicodedata
from typing import Final

MOST_OF_CODE: Final = 120
CODE_PATTERN: Final = r"[a-z0-9çğıöşü](?:[a-z0-9çğıöşü_.\-]*[a-z0-9çğıöşü])?"
REFERENCE_PATTERN: Final = rf"(?:{CODE_PATTERN}:)?{CODE_PATTERN}"

_TURKISH_LOWER: Final = str.maketrans({"İ": "i", "I": "ı"})
_FORGIVING: Final = str.maketrans("ıçğöşü", "icgosu")
_ORDER: Final = "0123456789abcçdefgğhıijklmnoöpqrsştuüvwxyz"
_RANKS: Final = {ord(letter): chr(0x30 + rank) for rank, letter in enumerate(_ORDER)}
_SPACES: Final = re.compile(r"\s+")


def turkish_lower(text: str) -> str:
    """Lower case as Turkish has it: İ becomes i and I becomes ı."""
    composed = unicodedata.normalize("NFC", text)
    return composed.translate(_TURKISH_LOWER).lower()


def search_fold(text: str) -> str:
    """Fold for the search box: case, Turkish letters and marks do not matter, spaces are single."""
    plain = turkish_lower(text).translate(_FORGIVING)
    bare = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return _SPACES.sub(" ", bare).strip()


def sort_key(text: str) -> str:
    """Key whose byte order is the Turkish alphabet: a b c ç d … g ğ h ı i j …; marks on other letters off."""
    letters = []
    for character in turkish_lower(text):
        rank = _RANKS.get(ord(character))
        if rank is None:
            base = unicodedata.normalize("NFD", character)[0]
            rank = _RANKS.get(ord(base), " " if character.isascii() else character)
        letters.append(rank)
    return _SPACES.sub(" ", "".join(letters)).strip()


def like_pattern(text: str) -> str:
    r"""LIKE pattern (escape character \) that finds the folded text anywhere."""
    folded = search_fold(text).replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{folded}%"


def slug(text: str) -> str:
    """Short code in ASCII made of a text."""
    return re.sub(r"[^a-z0-9]+", "-", search_fold(text)).strip("-")[:60].strip("-")
