"""Users' own lists: CSV, JSON lines, and FollowTheMoney entities."""
