"""Before a purchase: a selector's list against the catalogue, line by line, with what to buy and why."""
