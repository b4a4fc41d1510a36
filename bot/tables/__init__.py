"""Tables of answers, read and written in chunks: CSV, JSON Lines, Parquet."""
