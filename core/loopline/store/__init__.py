"""Storage: engines, tables built from the snapshot, DDL, rows, search, expressions in SQL."""
