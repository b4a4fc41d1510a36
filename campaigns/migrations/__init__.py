"""The history of the tables, applied by `campaigns.storage.schema`; a released step is frozen."""
