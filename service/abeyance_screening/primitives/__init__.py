"""What everything may use: errors, days, arrays, pacing, cursors."""
