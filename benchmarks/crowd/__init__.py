"""A big cohort, each step of it in a process of its own."""
