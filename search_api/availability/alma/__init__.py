"""What Alma's answers mean, and how the members of a network zone ask together."""
