"""What a reader is shown: pictures and tables of real beside generated."""
