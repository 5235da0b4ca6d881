"""Network → raw store. Knows protocols, never what a 245 means."""
