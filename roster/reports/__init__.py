"""Reports for managers: figures of an establishment by grade and month, on a page and as CSV."""
