"""The places where the acts that decide a measure appear, and how each of them is read."""
