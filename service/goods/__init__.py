"""From what is traded, from where, to where and for what, to the reach of a measure. Pure."""
