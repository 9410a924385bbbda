"""`abeyance restrictions`: the measures that reach a transaction without naming a company."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import get_args

import click
import msgspec
from rich.table import Table

from abeyance_screening.engine.measures.reach import EndUse
from abeyance_screening.engine.screening.trade.transaction import (
    OpenQuestion,
    QuestionExtent,
    Restriction,
    Restrictions,
)
from abeyance_screening.engine.wording import day_in_words, measure_title, plain_badge, sentence
from abeyance_screening.engine.wording.notes import own_day_of
from abeyance_screening.platform.cli.client import opened_api, question_days
from abeyance_screening.platform.cli.measures import fact_in_words, status_text
from abeyance_screening.platform.cli.options import (
    as_json,
    data_dir,
    days,
    examples,
    gathered,
    remote_url,
)
from abeyance_screening.platform.cli.output import (
    Terminal,
    print_json,
)
from abeyance_screening.primitives.days import plural

# --- `abeyance restrictions`: measures that reach goods, places and end uses.


class RestrictionsOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance restrictions`."""

    items: tuple[str, ...]
    origin: str | None
    destination: str | None
    exporter: str | None
    us_rules: bool | None
    questions: QuestionExtent
    end_use: EndUse | None
    as_of: date | None
    known_at: date | None
    url: str | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        'abeyance restrictions --item "dysprosium oxide" --origin CN --destination US',
        "abeyance restrictions --item 3B001 --item 8486.20 --origin NL --destination CN --json",
        "abeyance restrictions --item gallium --origin CN --url http://127.0.0.1:8080",
    )
)
@click.option(
    "--item",
    "items",
    multiple=True,
    help="HS code, control code, EAR99 or words; repeat for several.",
)
@click.option("--origin", help="Code of the country it is sent from.")
@click.option("--destination", help="Code of the country it is sent to.")
@click.option("--exporter", help="Code of the country whose person sells or sends it.")
@click.option(
    "--us-rules/--no-us-rules",
    default=None,
    help="Whether the items are under US export rules though sent from elsewhere.",
)
@click.option(
    "--questions",
    type=click.Choice(get_args(QuestionExtent)),
    default="first",
    help="The six open questions that decide most, or all.",
)
@click.option("--end-use", type=click.Choice(get_args(EndUse)), help="The end use of the items.")
@days
@remote_url
@as_json
@data_dir
@gathered(RestrictionsOptions)
def restrictions(options: RestrictionsOptions) -> None:
    """Show the measures that reach a transaction without naming a company."""
    params = {
        "item": options.items,
        "origin": options.origin,
        "destination": options.destination,
        "exporter": options.exporter,
        "us_rules": None if options.us_rules is None else str(options.us_rules).lower(),
        "questions": options.questions,
        "end_use": options.end_use,
    } | question_days(options.as_of, options.known_at)
    with opened_api(options.url, options.data_dir, "register") as api:
        found = api.get("/v1/restrictions", params, Restrictions)
    (print_json if options.as_json else _print_restrictions)(found)


def _print_restrictions(restrictions: Restrictions) -> None:
    console = Terminal()
    days = (
        f"On {day_in_words(restrictions.as_of)}, as known on {day_in_words(restrictions.known_at)}"
    )
    console.print(f"{days}: {restrictions.summary}", highlight=False)
    told = {easing.id for each in restrictions.met for easing in each.eased_by}
    reaching = tuple(each for each in restrictions.met if each.measure.id not in told)
    for heading, met in (("Reaches it", reaching), ("Has ended", restrictions.ended)):
        if met:
            console.print(_table_of_measures(heading, met, restrictions.as_of))
    if restrictions.open_questions:
        console.print(_table_of_questions(restrictions.open_questions, restrictions.as_of))
    if restrictions.more_questions:
        more = plural(restrictions.more_questions, "more question")
        console.print(f"{more} would decide less: --questions all shows every one.")
    for note in restrictions.notes:
        console.print(note, style="dim")


def _table_of_measures(heading: str, reaching: Iterable[Restriction], as_of: date) -> Table:
    table = _table(heading, "Status", "What it means", "By")
    for each in reaching:
        table.add_row(
            f"{measure_title(each.measure.id, each.measure.title)}\n{each.measure.id}",
            status_text(each.measure, as_of),
            "\n".join((sentence(each.measure), *([f"{each.line}"] if each.eased_by else []))),
            "\n".join(map(fact_in_words, each.facts)),
        )
    return table


def _table_of_questions(questions: Iterable[OpenQuestion], as_of: date) -> Table:
    table = _table("May reach it", "Status", "Does so if yes")
    for each in questions:
        own = own_day_of(each, as_of)
        status = plain_badge(each.status)
        table.add_row(
            "\n".join((measure_title(each.id, each.title), each.id, *each.also)),
            status if own is None else f"{status}\n{own.line}",
            each.question,
        )
    return table


def _table(*headings: str) -> Table:
    table = Table()
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
