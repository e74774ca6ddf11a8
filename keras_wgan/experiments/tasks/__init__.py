"""The tasks: what differs between experiments on images, on returns and on series."""
