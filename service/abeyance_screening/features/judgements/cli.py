"""`abeyance judgements`: decisions of a workbook turned into judgements, and judgements listed."""

from datetime import UTC
from itertools import batched
from pathlib import Path

import click
import msgspec

from abeyance_screening.features.judgements.api import (
    JUDGEMENTS_PATH,
    MOST_AT_ONCE,
    JudgementsGiven,
    JudgementsMade,
)
from abeyance_screening.features.judgements.review_sheet import judgements_in
from abeyance_screening.platform.cli.client import HERE, ApiClient, CollectionPage
from abeyance_screening.platform.cli.options import as_json, examples, gathered, remote_url
from abeyance_screening.platform.cli.output import print_json, print_table, table_of
from abeyance_screening.platform.stores.judgements import HitJudgement


class JudgementImportOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance judgements import`."""

    file: Path
    url: str | None


class JudgementListOptions(msgspec.Struct, frozen=True):
    """The options of `abeyance judgements list`."""

    counterparty: str | None
    url: str | None
    as_json: bool


@click.group()
def judgements() -> None:
    """Turn the decisions of a workbook into judgements, and list judgements.

    Without --url the service on this machine is asked, at http://127.0.0.1:8080.
    """


@judgements.command("import", epilog=examples("abeyance judgements import results.xlsx"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@remote_url
@gathered(JudgementImportOptions)
def import_sheet(options: JudgementImportOptions) -> None:
    """Turn the decisions on the sheet "To review" of FILE into judgements.

    FILE is a workbook of results. Its counterparties must be on watch under the ids that it has,
    and each listing must be a hit of its counterparty. A thousand are made at a time, all or none.
    """
    read = [each for _, each in judgements_in(options.file.read_bytes())]
    made = 0
    with ApiClient(options.url or HERE) as service:
        for some in batched(read, MOST_AT_ONCE, strict=False):
            body = msgspec.json.encode(JudgementsGiven(judgements=some))
            answer = service.post(f"{JUDGEMENTS_PATH}/bulk", body)
            made += len(service.read(answer, JudgementsMade).items)
    click.echo(f"{made:,} judgements made.")


@judgements.command("list", epilog=examples("abeyance judgements list --json"))
@click.option("--counterparty", help="Only about the counterparty with this id.")
@remote_url
@as_json
@gathered(JudgementListOptions)
def list_all(options: JudgementListOptions) -> None:
    """List the judgements that were ever made, the newest first."""
    with ApiClient(options.url or HERE) as service:
        page = CollectionPage[HitJudgement]
        asked = {"counterparty": options.counterparty}
        found = list(service.pages(JUDGEMENTS_PATH, asked, page))
    if options.as_json:
        print_json(found)
        return
    table = table_of("Counterparty", "Listing", "Decision", "State", "By", "Made", whole="Listing")
    for each in found:
        made_at = f"{each.asked_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        words = each.counterparty, each.listing, each.decision, each.state, each.asked_by
        table.add_row(*words, made_at)
    print_table(table)
