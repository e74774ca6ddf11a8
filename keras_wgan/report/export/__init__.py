"""Writers of scenario files."""
