"""The commands that check and extend the register of measures, and show it."""
