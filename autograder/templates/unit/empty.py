# Nothing was written.
