"""A matching and its cohort -> all that a report shows, every number asked of the study; lays nothing out."""
