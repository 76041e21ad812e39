"""The tuner: move a weight, and see at once which pairs change."""

from ipmatch.notebook.tuner.widget import Tuner

__all__ = ["Tuner"]
