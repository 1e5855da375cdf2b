"""What is wrong with a site, and how each thing is mended; looking changes nothing."""
