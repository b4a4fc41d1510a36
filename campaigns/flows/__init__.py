"""One use case a file: opens transactions, calls the domain, never renders for a platform."""
