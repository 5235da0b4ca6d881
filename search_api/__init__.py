"""Engine → people and machines. Knows HTTP, never MARC tags."""
