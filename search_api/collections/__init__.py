"""Collections compared: what members hold together and alone, what one lacks, how a theme is spread over them."""
