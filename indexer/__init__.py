"""Raw store → editions → engine. Knows bibliography, never HTTP."""
