"""Weights learnt from which pairs people find better, and from matchings they would make."""

from ipmatch.fitting.fit import fit_weights

__all__ = ["fit_weights"]
