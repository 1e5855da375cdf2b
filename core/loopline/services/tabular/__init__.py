"""Tabular files: csv, xls and xlsx in, csv, xlsx and json out."""
