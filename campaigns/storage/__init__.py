"""The only place that knows the tables; functions take an open connection and never commit."""
