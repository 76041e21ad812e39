"""Big cohorts: the same optimum with the same proof, while no list of all pairs is ever made."""
