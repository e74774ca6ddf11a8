"""The risk of a portfolio over scenarios: values, tails, contributions, and stress."""
