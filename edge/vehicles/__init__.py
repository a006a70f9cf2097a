"""Where vehicles are in the picture, how they go, and which of them look like an HGV."""
