"""The inter-library loan desk: who can lend or copy it, in which order to ask, why, and the request to send."""
