"""Characters that act instead of being seen, made visible where people read a text.

A listed name may have them, by mistake or so that it is taken for another: ESC has a terminal do
something, U+202E turns around what follows it, on a page far beyond the name.
"""

import re

# All of C0 but tab and the end of a line, DEL and C1, separators of lines, and what Unicode's
# algorithm for two directions (UAX #9) calls explicit: embeddings, overrides and isolates.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Marks of direction have no effect beyond the signs beside them, and honest names have them.
_MARKS = re.compile("[\u061c\u200e\u200f]")
_TAG = re.compile("(<[^>]*>)")
# Attributes that browsers show or read out; others are addresses and what a form sends back.
_SHOWN = re.compile(r'(\s(?:title|alt|label|placeholder|aria-label)=")([^"]*)')


def visible(text: str) -> str:
    """Return a text with each character that acts written as `[U+202E]`, and without marks."""
    if text.isascii() and text.isprintable():
        return text
    return _MARKS.sub("", _ACTING.sub(lambda found: f"[U+{ord(found[0]):04X}]", text))


def visible_page(page: str) -> str:
    """Return a page of HTML with all that people read of it made visible, its title included.

    What its forms and links hold stays, so that they ask for what they asked for.
    """
    if _ACTING.search(page) is None:
        return page
    parts, is_sent = _TAG.split(page), False
    for place, part in enumerate(parts):
        if place % 2:
            is_sent = part.startswith("<textarea")
            parts[place] = _SHOWN.sub(lambda found: found[1] + visible(found[2]), part)
        elif not is_sent:
            parts[place] = visible(part)
    return "".join(parts)


def escaped(json: str) -> str:
    """Return JSON with the same meaning and each character that acts, which it escapes."""
    return re.sub(
        "[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]",
        lambda found: f"\\u{ord(found[0]):04x}",
        json,
    )
