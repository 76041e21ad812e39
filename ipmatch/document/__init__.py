"""What every ipmatch document shares: frozen to the bottom, exact numbers, faults in plain words."""

from ipmatch.document.exact import Exact, decimal_near, decimal_of, plain, plain_number
from ipmatch.document.faults import LineFault, in_words
from ipmatch.document.frozen import Facts, FrozenMap, freeze, thaw
from ipmatch.document.keeping import keeping
from ipmatch.document.model import Document, Frozen, Rational, Text, called

__all__ = [
    "Document",
    "Exact",
    "Facts",
    "Frozen",
    "FrozenMap",
    "LineFault",
    "Rational",
    "Text",
    "called",
    "decimal_near",
    "decimal_of",
    "freeze",
    "in_words",
    "keeping",
    "plain",
    "plain_number",
    "thaw",
]
