"""The trade desk: HTML pages for people, rendered on the server, that work without any script.

A page takes an answer of `service.screening`, lays it out as structs of words and shapes, and
passes them to a template. No status is decided here. All pages share:

- `pages.Frame`: title, navigation and the two days; `frame.to(path)` links to another page on the
  same days.
- `pages.page(template, frame, content)`: a rendered page with its headers. A template sees
  `frame`, `page` and the filters that `pages` defines.
- `templates/parts.html`: swatch, badge, notes, lane, ruler, legend, the day control.
- `service.wording`: a status in words; `shapes` and `picture`: a status as a badge and a picture.
- `routes`: the address of each page; `pages.NAVIGATION`: its place in the navigation.
"""
