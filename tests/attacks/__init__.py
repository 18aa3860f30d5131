"""What somebody hostile tries, and that it gains nothing: `make attacks` tries it at length, the test run in short."""
