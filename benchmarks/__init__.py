"""Commands that measure speed, memory and quality, each against a reference of the same run."""
