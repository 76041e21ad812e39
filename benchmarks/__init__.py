"""How long a matching takes, beside its peers, on made-up cohorts; no answer counts before it is checked."""
