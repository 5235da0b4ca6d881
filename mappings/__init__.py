"""What a librarian may change, and the modules that read it."""
