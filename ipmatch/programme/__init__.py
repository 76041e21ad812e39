"""What comes after a matching: the journal of decisions, the survey at the end, who was served."""
