"""What the commands share: options, output, and the client of the API."""
