"""What a person asks of the ingester, a command each."""
