"""Enrolment: from what people answered, in a sheet or a frame, to a cohort; nothing lost, nothing guessed."""
