"""`abeyance bench quality`: what is found of names that were held out, and what alerts."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import msgspec

from service.bench.asking import Forms
from service.bench.labelled import PairFigures, pair_figures, score_pairs
from service.bench.other_trials import (
    OTHER_LISTS,
    OTHER_LISTS_BY_NAME,
    ask_other_lists,
    ask_pairs,
    ask_script,
    scripts_beside_latin,
)
from service.bench.parties import join_entities
from service.bench.peers import PEERS, pair_score, peer
from service.bench.plain import digest
from service.bench.quality import Ours, TrialReport
from service.bench.reading import read_ordinary, read_pairs
from service.bench.trials import Joined, Trial, hold_out_aliases
from service.cli.bench.files import given_file, listed_parties
from service.cli.bench.output import print_pairs, print_trial
from service.cli.options import as_json, examples, gathered
from service.cli.output import print_json
from service.model.errors import BadInputError
from service.model.listing import EntityType

_KINDS = ("organisation", "person", "vessel", "aircraft")
_TRIALS = """\b
Trials:
  aliases              one in four of the official names of each entity, of --listed
  other lists          names that --other lists print and --listed ones do not, of
                       entities that a number shows to be the same
  other lists by name  the same, of entities that print a whole name in common too
  Cyrillic, Han, …     all names in one script, of entities with Latin names too
  FILE                 the queries of an --asked file

"""
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class QualityGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    listed: tuple[str, ...]
    other: tuple[str, ...]
    ordinary: tuple[Path, ...]
    asked: tuple[Path, ...]
    pairs: tuple[Path, ...]
    kinds: tuple[EntityType, ...]
    trials: tuple[str, ...]
    half: str | None
    limit: int | None
    ordinary_limit: int | None
    peers: tuple[str, ...]
    candidates: int
    worst: int
    seed: int
    as_json: bool


class QualityReport(msgspec.Struct, frozen=True):
    """What `--json` prints."""

    trials: tuple[TrialReport, ...]
    pairs: tuple[PairFigures, ...]


def _names(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """A comma-separated list of peers."""
    names = tuple(filter(None, (value or "").split(",")))
    for unknown in set(names) - set(PEERS):
        reason = f"{unknown!r} is none of: {', '.join(PEERS)}"
        raise click.BadParameter(reason, ctx, param)
    return names


@click.command(
    epilog=_TRIALS
    + examples(
        "abeyance bench quality --listed us_csl --listed un_sc --ordinary ordinary.jsonl",
        "abeyance bench quality --listed us_csl --other uk_sl --other older_csl.csv \\",
        "    --ordinary gleif.csv --trial 'other lists' --trial Cyrillic --worst 20",
        "abeyance bench quality --pairs pairs.jsonl",
    )
)
@click.option("--listed", multiple=True, metavar="LIST", help="A list to index. Repeatable.")
@click.option(
    "--other",
    multiple=True,
    metavar="LIST",
    help="Another list, whose spellings are asked for. Repeatable.",
)
@click.option(
    "--ordinary",
    type=_FILE,
    multiple=True,
    help="Companies that must not alert: JSON lines with query, or CSV with LegalName.",
)
@click.option(
    "--asked",
    type=_FILE,
    multiple=True,
    help="Pairs (JSON lines: query, candidate, match) whose queries are asked for. Repeatable.",
)
@click.option(
    "--pairs",
    type=_FILE,
    multiple=True,
    help="Pairs to be scored as pairs, without an index. Repeatable.",
)
@click.option(
    "--kinds",
    type=click.Choice(_KINDS),
    multiple=True,
    default=("organisation",),
    show_default=True,
    help="What to ask for. Repeatable.",
)
@click.option(
    "--trial", "trials", multiple=True, help="Only this trial, by the title it is printed under."
)
@click.option(
    "--half",
    type=click.Choice(("0", "1")),
    help="Ask about this half of the entities only: fit on one, measure on the other.",
)
@click.option("--limit", type=click.IntRange(1), help="At most so many questions a trial.")
@click.option("--ordinary-limit", type=click.IntRange(1), help="At most so many ordinary names.")
@click.option(
    "--worst",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Show N ordinary names that score highest, and N questions that are missed.",
)
@click.option(
    "--peers",
    callback=_names,
    metavar="NAME,…",
    help=f"Other engines to compare with: {', '.join(PEERS)}. Use --limit: some are slow.",
)
@click.option(
    "--candidates",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    help="Names that a peer scores for each question.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the bootstrap.")
@as_json
@gathered(QualityGiven)
def quality(given: QualityGiven) -> None:
    """Measure what is found of names that were taken out of an index.

    LIST is a file or folder in any format that `load` takes, JSON lines of {"id", "names"}, or
    the code of an edition that comes with the program (us_csl). Listings that share a whole name,
    a tax or registration number, or an id are one entity.

    Each trial below has an index without the names that it asks for. A threshold is that at which
    so many of the ordinary companies alert. In brackets: 95 % intervals by bootstrap over
    entities.
    """
    if not (given.listed and given.ordinary) and not given.pairs:
        reason = "give --listed and --ordinary, or --pairs"
        raise click.UsageError(reason)
    forms = Forms()
    engines = [peer(name, given.kinds[0]) for name in given.peers]
    reports = list[TrialReport]()
    for trial in _trials(given) if given.listed else ():
        measured = Ours(trial, _ordinary(given), forms, given.seed)
        report = measured.report(given.worst)
        if engines:
            compared = measured.compared((pair_score(forms), *engines), given.candidates)
            report = msgspec.structs.replace(report, peers=compared)
        reports.append(report)
        if not given.as_json:
            print_trial(report, given.candidates)
    pairs = tuple(_pair_figures(given.pairs, forms))
    if given.as_json:
        print_json(QualityReport(tuple(reports), pairs))
    elif pairs:
        print_pairs(pairs)


def _trials(given: QualityGiven) -> Iterator[Trial]:
    listed = listed_parties("--listed", given.listed)
    parties = (*listed, *listed_parties("--other", given.other))
    joined = Joined(parties, join_entities(parties), frozenset(given.kinds))
    indexed, other = range(len(listed)), range(len(listed), len(parties))
    makers = {"aliases": lambda: hold_out_aliases(joined, indexed)}
    if given.other:
        makers[OTHER_LISTS] = lambda: ask_other_lists(joined, indexed, other)
        makers[OTHER_LISTS_BY_NAME] = lambda: ask_other_lists(joined, indexed, other, by_name=True)
    for script in scripts_beside_latin(joined):
        makers[script] = lambda script=script: ask_script(joined, script)
    for path in given.asked:
        pairs = read_pairs(given_file(path))
        makers[path.stem] = lambda path=path, pairs=pairs: ask_pairs(
            joined, indexed, path.stem, pairs
        )
    for unknown in set(given.trials) - set(makers):
        raise BadInputError("--trial", f"{unknown!r} is none of: {', '.join(makers)}")
    for title, make in makers.items():
        if not given.trials or title in given.trials:
            trial = _chosen(make(), joined, given)
            if trial.queries:
                yield trial


def _chosen(trial: Trial, joined: Joined, given: QualityGiven) -> Trial:
    """The trial with fewer questions; its index stays as it is."""
    queries = sorted(trial.queries, key=lambda query: digest(query.printed))
    if given.half is not None:
        queries = [each for each in queries if f"{joined.half(each.entity)}" == given.half]
    return msgspec.structs.replace(trial, queries=tuple(queries[: given.limit]))


def _ordinary(given: QualityGiven) -> list[str]:
    names = [name for path in given.ordinary for name in read_ordinary(given_file(path))]
    return sorted(names, key=digest)[: given.ordinary_limit]


def _pair_figures(paths: Sequence[Path], forms: Forms) -> Iterator[PairFigures]:
    for path in paths:
        pairs = read_pairs(given_file(path))
        yield from pair_figures(path.stem, pairs, score_pairs(pairs, forms))
