"""Characters that act are made visible wherever people read a text, and stay where programs do."""

import sys
import unicodedata
from contextlib import suppress

import click
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader

from abeyance_screening.app.command_line import abeyance, run
from abeyance_screening.app.features import folders
from abeyance_screening.features.evidence.pdf_layout import StyledText, break_lines
from abeyance_screening.platform.cli.output import Terminal, print_json, print_table, table_of
from abeyance_screening.platform.pages.frame import _environment
from abeyance_screening.primitives.visible import escaped, visible, visible_page

# Classes of UAX #9 that reach beyond the characters beside them.
_EXPLICIT = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
ACTING = [
    chr(each)
    for each in range(sys.maxunicode + 1)
    if unicodedata.bidirectional(chr(each)) in _EXPLICIT
    or (unicodedata.category(chr(each)) == "Cc" and chr(each) not in "\t\n")
]
TURNED = "Acme \u202egnp.exe\u202c"
# What a terminal would do: clear the screen, set its title, hide a text; C1 begins as ESC [ does.
HOSTILE = "\x1b[2J\x1b]0;title\x07Acme\r \x9b8m\x1b[8mLtd \u202eelttil\u202c \u2067x [red]y[/red]"


def acting_in(text: str) -> set[str]:
    return set(text) & set(ACTING)


def test_each_character_that_acts_is_written_by_its_code():
    for character in ACTING:
        written = f"[U+{ord(character):04X}]"
        assert visible(f"a{character}b") == f"a{written}b"
        assert visible_page(f"<b>a{character}b</b>") == f"<b>a{written}b</b>"


def test_what_people_write_stays():
    written = "Société Générale, شركة الاتصالات, 华为技术, a\tb\nc, \u06cc\u200c\u062e, 👩\u200d💻"
    assert visible(written) == written
    # marks of direction have no effect beyond what stands beside them
    assert visible("شركة\u200f (\u200eACME)") == "شركة (ACME)"


@given(st.text() | st.text(alphabet=ACTING))
def test_json_says_the_same_without_a_character_that_acts(text: str):
    written = escaped(msgspec.json.encode([text, {text: text}]).decode())
    assert msgspec.json.decode(written) == [text, {text: text}]
    assert acting_in(written) == set()


PAGE = """<title>{{ name }}</title><a href="/?name={{ name }}" title="{{ name }}">{{ name }}</a>
<input value="{{ name }}" aria-label="of {{ name }}"><textarea>{{ name }}</textarea>"""


def test_a_page_shows_it_and_its_forms_send_what_was_asked():
    environment = _environment((), folders(), lambda: "")
    environment.loader = DictLoader({"page": PAGE})
    written = visible("Acme \u202egnp.exe\u202c")
    page = environment.get_template("page").render(name=TURNED)
    assert page.split("\n") == [
        f'<title>{written}</title><a href="/?name={TURNED}" title="{written}">{written}</a>',
        f'<input value="{TURNED}" aria-label="of {written}"><textarea>{TURNED}</textarea>',
    ]


def test_a_print_shows_it():
    lines = break_lines((StyledText(TURNED),), 9.5, 400.0)
    assert "".join(each.piece.text for line in lines for each in line) == visible(TURNED)


@click.command()
@click.argument("way")
def said(way: str) -> None:
    """Say a listed name in one of the ways in which commands say things."""
    match way:
        case "echo":
            click.echo(HOSTILE)
        case "error":
            click.echo(HOSTILE, err=True)
        case "print":
            Terminal().print(HOSTILE)
        case "table":
            table = table_of("Name", "List")
            table.add_row(HOSTILE, "un_sc")
            print_table(table)
        case "narrow":
            table = table_of("Name", "List")
            table.add_row(HOSTILE, HOSTILE)
            Terminal().print(table, width=20)
        case "status":
            with Terminal(stderr=True).status(HOSTILE):
                click.echo(HOSTILE)
        case "json":
            print_json([HOSTILE])
        case _:
            raise click.BadParameter(HOSTILE)


@pytest.mark.parametrize(
    "way", ["echo", "error", "print", "table", "narrow", "status", "json", "refusal"]
)
def test_a_command_says_it_and_a_terminal_does_nothing(
    way: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(abeyance, "get_command", lambda *_: said)
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setattr(sys, "argv", ["abeyance", "said", way])
    with suppress(SystemExit):
        run()
    out, err = capsys.readouterr()
    assert acting_in(out + err) == set()
    if way == "json":
        assert msgspec.json.decode(out) == [HOSTILE]
    # where no terminal is written to, click drops sequences that would act on one
    told = visible(HOSTILE if way in {"print", "table"} else "\u202eelttil\u202c")
    assert "".join(told.split()) in "".join((out + err).split()) or way in {"narrow", "json"}
