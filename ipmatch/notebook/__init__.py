"""For analysts: frames, pages for notebooks, plots and the tuner; on top of everything, loaded when asked."""
