"""What does it cost? Commands that measure, each against something of its own run."""
