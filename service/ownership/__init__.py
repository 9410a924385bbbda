"""From who owns whom, and how much, to what an ownership rule reaches. Pure."""
