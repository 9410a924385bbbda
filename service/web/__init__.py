"""The trade desk: pages for a person, rendered here, that work without any script.

A page takes the answer of `flow`, lays it out as structs of words and shapes, and hands them to a
template. No status is decided here. What the pages share:

- `frame.Frame`: title, navigation and the two days; `frame.to(path)` leads to another page on the
  same days. `address` reads the days and links back to them.
- `pages.page(template, frame, content)`: the page with its headers; in the template `frame` and
  `page`. Filters: `day`, `weekday`, `plural`, `count`, `list_title`, `jurisdiction`, `as_badge`.
- `templates/parts.html`: swatch, badge, notes, lane, ruler, legend, the day control.
- `badges`, `sentences`, `notes`: a status in words; `scale` and `timeline`: as a picture.
- `routes`: where a page gets its address, `frame.NAVIGATION` its place in the navigation.
"""
