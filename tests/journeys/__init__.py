"""Tests in a real browser: a package, so that one browser and one served demo serve all of them and then end."""
