"""What is wrong at the centre, and who is told of it."""
