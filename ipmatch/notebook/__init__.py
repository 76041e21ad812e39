"""For analysts: frames, pages for notebooks, plots and the tuner; on top of everything, loaded when asked."""

from ipmatch.notebook import plots

__all__ = ["plots"]
