"""The typed answers beside the matching: what a change would mean, how sure it is, how policies compare."""
