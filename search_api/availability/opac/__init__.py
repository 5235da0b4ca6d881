"""Catalogue records with their copies, as Z39.50 and SRU give them, and what each kind of system means by them."""
