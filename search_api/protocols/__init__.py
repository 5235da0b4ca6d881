"""What the catalogue hands to other programs: exports, citations, feeds."""
