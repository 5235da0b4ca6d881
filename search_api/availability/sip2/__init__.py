"""SIP2 (3M Standard Interchange Protocol 2.00): its messages, and sessions that libraries of one server share."""
