"""The centre's ear: messages from camera units into the database, once each, and passages into transits."""
