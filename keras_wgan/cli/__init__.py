"""The command line `keras-wgan`."""
