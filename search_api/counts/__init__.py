"""How much the catalogue is used, for those who answer for it: counted without knowing who asked."""
