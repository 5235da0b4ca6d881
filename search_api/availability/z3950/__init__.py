"""Z39.50 (ISO 23950) as a client speaks it: BER, messages, one session."""
