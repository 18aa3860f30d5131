"""Pictures of the console: its real pages in a real browser, on a cluster that is made up."""
