"""One run over a table, from the file to the results."""

from pathlib import Path

import click
import msgspec

from service.cli.answering import ScreeningBody, answering
from service.cli.screen.journal import Journal, Keeping, Memory
from service.cli.screen.printing import counts_in_words, print_evidence, showing_progress
from service.cli.screen.table import (
    ReadTable,
    check_out,
    done_before,
    read_table,
    screen_table,
    write_results,
)
from service.tables import Counts, HowToRead, Said, Summary

JOURNAL_SUFFIX = ".journal"


class TableGiven(msgspec.Struct, frozen=True, kw_only=True):
    """A table and what to do with it; `body` is the question without its counterparties."""

    table: Path
    how: HowToRead
    said: tuple[Said, ...]
    body: ScreeningBody
    out: Path | None
    restart: bool
    url: str | None
    as_json: bool
    data_dir: Path | None


def run_table(given: TableGiven) -> Counts:
    """Screens a table and writes its results, or prints them.

    Raises:
        AbeyanceError: It cannot be read, asked about or written.
    """
    kind = None if given.out is None else check_out(given.out, given.table)
    table = read_table(given.table, given.how, given.said, given.body, given.url)
    for line in table.read_as:
        click.echo(line, err=True)
    if given.out is None or kind is None:
        memory = Memory()
        summary = _screened(given, table, memory)
        print_evidence(memory.batches(), summary, as_json=given.as_json)
        return summary.counts
    with Journal(journal_of(given.out), restart=given.restart) as journal:
        try:
            summary = _screened(given, table, journal)
            write_results(given.out, kind, journal.batches(), summary)
        except KeyboardInterrupt:
            kept = f"{journal.kept().done:,} of {len(table.rows):,} rows are done"
            click.echo(f"{kept}; the same command goes on.", err=True)
            raise
        journal.remove()
    click.echo(f"{summary.counts.rows:,} rows: {counts_in_words(summary.counts)}.", err=True)
    click.echo(f"Written: {given.out}", err=True)
    return summary.counts


def journal_of(out: Path) -> Path:
    """Where the journal of a run stands while it is not done."""
    return out.with_name(out.name + JOURNAL_SUFFIX)


def _screened(given: TableGiven, table: ReadTable, journal: Keeping) -> Summary:
    done = done_before(table, journal)
    if done:
        rows = f"{done:,} of {len(table.rows):,} rows are done already"
        click.echo(f"Going on: {rows} ({journal.name}).", err=True)
    with (
        answering(given.url, given.data_dir) as answers,
        showing_progress(len(table.rows)) as told,
    ):
        return screen_table(table, answers, journal, told)
