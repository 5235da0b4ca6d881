"""How every member stands, for whoever runs the catalogue: harvests, live status, what waits for a person."""
