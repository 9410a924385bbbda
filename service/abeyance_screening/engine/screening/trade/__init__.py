"""Goods, places and end uses: the measures that name no company."""
