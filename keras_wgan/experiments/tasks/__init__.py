"""What are the samples of an experiment? Images or returns: all that differs between the two."""
