"""How long a matching takes, on made-up cohorts; no answer counts before it is verified."""
