"""The parish summary: figures, suppression of small cells, page and publishing."""
