"""Speed, memory and quality, measured: `make bench-load`, `make bench-search`, `make bench-matching`."""
