"""Files, formats and console output; knows nothing of models."""
