"""The tasks: what differs between experiments on images and on returns."""
