"""Staff: who they are, what each may do, and what was changed by whom."""
