"""`abeyance bench`: measure what is found of held-out names, what alerts, and how fast it is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from abeyance_screening.bench.crowds import CountryAlerts, CrowdName
from abeyance_screening.bench.figures import (
    ALL,
    JUDGED_BY,
    Estimate,
    Level,
    ScoreMeaning,
    TrialFigures,
)
from abeyance_screening.bench.flood import wrong_keys
from abeyance_screening.bench.flows import FlowFigures, measure_flows
from abeyance_screening.bench.http import HttpFigures, KeyedFigures
from abeyance_screening.bench.jobs import jobs
from abeyance_screening.bench.labelled import PairFigures, pair_figures, score_pairs
from abeyance_screening.bench.other_trials import (
    OTHER_LISTS,
    OTHER_LISTS_BY_NAME,
    ask_other_lists,
    ask_pairs,
    ask_script,
    scripts_beside_latin,
)
from abeyance_screening.bench.parties import Party, join_entities
from abeyance_screening.bench.party_trials import party_figures, print_parties
from abeyance_screening.bench.peers import PEERS, pair_score, peer
from abeyance_screening.bench.plain_folding import digest
from abeyance_screening.bench.quality import Ours, Sighting, TrialReport
from abeyance_screening.bench.rates import RateFigures, measure_rates, print_rates
from abeyance_screening.bench.reading import (
    given_file,
    ordinary_in,
    read_crowd,
    read_listings,
    read_ordinary,
    read_pairs,
    read_parties,
    sizes_in,
)
from abeyance_screening.bench.rescreen import rescreen
from abeyance_screening.bench.size import size
from abeyance_screening.bench.speed import SpeedFigures, fill_up, measure_apart, questions_of
from abeyance_screening.bench.streams import streams
from abeyance_screening.bench.table import table_with
from abeyance_screening.bench.trial_answers import Forms
from abeyance_screening.bench.trials import CUTS, Joined, Trial, cut_names, hold_out_aliases
from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.listing import EntityType, Listing
from abeyance_screening.platform.cli.options import as_json, examples, gathered
from abeyance_screening.platform.cli.output import print_json
from abeyance_screening.primitives.errors import BadInputError

# --- Input files.


def listed_parties(option: str, given: Sequence[str]) -> list[Party]:
    """Return the entries of the given lists: files, folders that are one edition each, or sources.

    A source is the code of an edition that comes with the program (`uk_sl`).

    Raises:
        BadInputError: A list is neither a path nor such a code; `option` names where it was given.
    """
    return [party for each in given for party in read_parties(*_edition(option, each))]


def whole_listings(option: str, given: Sequence[str]) -> list[Listing]:
    """Return the entries of the given lists with all that they print, by default all bundled ones.

    Raises:
        BadInputError: A list is neither a path nor such a code; see `listed_parties`.
    """
    wanted = given or tuple(edition.source for edition in bundled_editions())
    return [listing for each in wanted for listing in read_listings(*_edition(option, each))]


def _edition(option: str, given: str) -> tuple[tuple[GivenFile, ...], str | None]:
    """Return the files of a list, and its source where that is known."""
    path = Path(given)
    bundled = {edition.source: edition for edition in bundled_editions()}
    if path.exists():
        return tuple(_files(path)), None
    if given not in bundled:
        raise BadInputError(option, f"{given!r} is not a file, a folder or a bundled source")
    return read_bundled(bundled[given]), given


def _files(path: Path) -> Iterator[GivenFile]:
    """Yield the file, or the files of the folder by name, without hidden ones."""
    inside = sorted(path.iterdir()) if path.is_dir() else [path]
    for each in inside:
        if each.is_file() and not each.name.startswith("."):
            yield given_file(each)


# --- Figures as tables.


def print_trial(report: TrialReport, candidates: int) -> None:
    """Print a trial: figures by threshold, then by slice, then the names to look at."""
    console = Console(highlight=False)
    figures = report.figures
    whole = figures.slices[ALL]
    console.print(
        f"[bold]{figures.trial}[/bold], {figures.engine}: {whole.questions:,} questions about "
        f"{figures.entities:,} entities, {figures.names:,} names indexed, "
        f"{figures.ordinary:,} ordinary companies; right entity first {_range(whole.first)}"
    )
    console.print(_levels(figures.levels))
    console.print(_meanings(figures.meanings))
    console.print(_slices(figures))
    if report.countries:
        console.print(_countries(report.countries))
    if report.peers:
        console.print(
            f"Peers score pairs and have no index: for each question they get our {candidates} "
            "nearest names and all names of the right entity, which favours them."
        )
        console.print(_peers((figures, *report.peers)))
    _print_sightings(console, "Ordinary, highest", report.highest_ordinary)
    _print_sightings(console, "Missed at 1 % alerts", report.missed)


def _levels(levels: Iterable[Level]) -> Table:
    table = table_with("Threshold", "Score", "Alerts", "Recall", "Entities a question")
    for level in levels:
        table.add_row(
            level.name,
            f"{level.threshold:.3f}",
            f"{level.alert_rate:.2%}",
            _range(level.recall[ALL]),
            f"{level.entities_a_query.value:.2f}",
        )
    return table


def _meanings(meanings: Iterable[ScoreMeaning]) -> Table:
    table = table_with("Score from", "Alerts", "Recall", "Ordinary here", "Right here", "Odds")
    for each in meanings:
        table.add_row(
            f"{each.score:.2f}",
            f"{each.alert_rate:.2%}",
            f"{each.recall:.3f}",
            f"{each.ordinary:,}",
            f"{each.right:,}",
            "" if each.odds is None else f"{each.odds:,.0f} : 1",
        )
    return table


def _slices(figures: TrialFigures) -> Table:
    recalls = (_short(level) for level in figures.levels)
    table = table_with("Slice, recall at", "Questions", "First", *recalls)
    for name, of in figures.slices.items():
        if name != ALL:
            cells = (_cell(level, name) for level in figures.levels)
            table.add_row(name, f"{of.questions:,}", f"{of.first.value:.3f}", *cells)
    return table


def _countries(counted: Iterable[CountryAlerts]) -> Table:
    table = table_with("Crowd, country", "Names", "Listed", "Alerts", "Share")
    for each in counted:
        cells = (f"{each.names:,}", f"{each.listed:,}", f"{each.alerts:,}")
        table.add_row(each.country, *cells, f"{each.alert_rate:.2%}")
    return table


def _peers(compared: Sequence[TrialFigures]) -> Table:
    """Build a table with a row for each engine and a column for each level."""
    levels = compared[0].levels
    recalls = (_short(level) for level in levels)
    table = table_with("Engine, recall at", *recalls, "alerts", "First", "Pairs/s")
    for each in compared:
        recall = [_cell(level, ALL) for level in each.levels]
        own = f"{each.levels[-1].alert_rate:.2%}" if len(recall) == len(levels) else ""
        recall += [""] * (len(levels) - len(recall))
        pairs = "" if each.pairs_a_second is None else f"{each.pairs_a_second:,.0f}"
        table.add_row(each.engine, *recall, own, f"{each.slices[ALL].first.value:.3f}", pairs)
    return table


def _short(level: Level) -> str:
    return level.name.removesuffix(" alerts")


def _cell(level: Level, name: str) -> str:
    """Format the recall of a slice, with its interval at the level `JUDGED_BY`."""
    estimate = level.recall[name]
    return _range(estimate) if level.name == JUDGED_BY else f"{estimate.value:.3f}"


def _print_sightings(console: Console, title: str, sightings: Sequence[Sighting]) -> None:
    if sightings:
        table = table_with(title, "Listed", "Score")
        for each in sightings:
            table.add_row(each.asked, each.listed, f"{each.score:.3f}")
        console.print(table)


def print_pairs(figures: Iterable[PairFigures]) -> None:
    """Print the figures of labelled pairs, a row for each category of each file."""
    table = table_with("Pairs", "Category", "Matches", "Recall", "Others", "Alerts", "AUC")
    for each in figures:
        table.add_row(
            each.name if each.category == ALL else "",
            each.category,
            f"{each.matches:,}",
            _share(each.recall),
            f"{each.others:,}",
            _share(each.false_share),
            _share(each.auc),
        )
    Console(highlight=False).print(table)


def print_speed(indexes: Sequence[SpeedFigures], flows: FlowFigures) -> None:
    """Print the figures of indexes, a row for each, and those of questions about goods."""
    console = Console(highlight=False)
    table = table_with(
        "Names",
        "Forms s",
        "Build s",
        "MB",
        "p50 µs",
        "p99 µs",
        "Mean µs",
        "Names/s",
    )
    for each in indexes:
        table.add_row(
            f"{each.names:,}",
            f"{each.normalise_s:.2f}",
            f"{each.build_s:.2f}",
            f"{each.memory_mb:,.0f}",
            f"{each.p50_us:,.0f}",
            f"{each.p99_us:,.0f}",
            f"{each.mean_us:,.0f}",
            f"{each.names_a_second:,.0f}",
        )
    console.print(table)
    for each in indexes:
        if each.made:
            console.print(
                f"Of the {each.names:,} names, {each.made:,} are recombined from the words of "
                "ordinary names, because the files have too few."
            )
    console.print(
        f"Restrictions on goods, {flows.questions:,} questions in process, {flows.met:,} of them "
        f"met: p50 {flows.p50_ms:.2f} ms, p99 {flows.p99_ms:.2f} ms."
    )


def _range(estimate: Estimate) -> str:
    """Format a mean and its interval: `0.641 (.626-.656)`."""
    low, high = (f"{each:.3f}".removeprefix("0") for each in (estimate.low, estimate.high))
    return f"{estimate.value:.3f} ({low}-{high})"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


# --- `abeyance bench quality`.

_KINDS = ("organisation", "person", "vessel", "aircraft")
_TRIALS = """\b
Trials:
  aliases              one in four of the official names of each entity, of --listed
  other lists          names that --other lists print and --listed ones do not, of
                       entities that a number shows to be the same
  other lists by name  also of entities that have a whole name in common
  Cyrillic, Han, …     all names in one script, of entities with Latin names too
  cut after 35, 30     names of the index cut as payment messages cut them, and the
                       ordinary names cut alike
  FILE                 the queries of an --asked file

"""
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class QualityGiven(msgspec.Struct, frozen=True):
    """The arguments of `bench quality`."""

    listed: tuple[str, ...]
    other: tuple[str, ...]
    ordinary: tuple[Path, ...]
    crowd: tuple[Path, ...]
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
    """The figures that `bench quality --json` prints."""

    trials: tuple[TrialReport, ...]
    pairs: tuple[PairFigures, ...]


def _names(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Parse a comma-separated list of peers."""
    names = tuple(filter(None, (value or "").split(",")))
    for unknown in set(names) - set(PEERS):
        reason = f"{unknown!r} is not one of: {', '.join(PEERS)}"
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
    "--crowd",
    type=_FILE,
    multiple=True,
    help="Ordinary companies of several countries: CSV with name and country. Repeatable.",
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
    help="Pairs to score as pairs, without an index. Repeatable.",
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
@click.option("--limit", type=click.IntRange(1), help="Ask at most this many questions a trial.")
@click.option(
    "--ordinary-limit", type=click.IntRange(1), help="Use at most this many ordinary names."
)
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
    help="Nearest names that a peer scores for each question.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the bootstrap.")
@as_json
@gathered(QualityGiven)
def quality(given: QualityGiven) -> None:
    """Measure what is found of names that were taken out of an index.

    LIST is a file or folder in any format that `load` takes, JSON lines of {"id", "names"}, or
    the code of an edition that comes with the program (us_csl). Listings that share a whole name,
    a tax or registration number, or an id are one entity.

    Each trial below, but those of cut names, has an index without the names that it asks for.
    Thresholds are those at which
    0.5, 1 and 5 % of the ordinary companies alert, and the default. In brackets are 95 % intervals
    by bootstrap over entities.

    With --crowd, the alerts of each country's companies are counted at the default threshold, and
    recall is given where 1 % of the crowd alerts. Companies with the identical name of a listed
    party are left out. Without --ordinary, all thresholds are those of the crowd.
    """
    if not (given.listed and (given.ordinary or given.crowd)) and not given.pairs:
        reason = "give --listed and --ordinary or --crowd, or --pairs"
        raise click.UsageError(reason)
    forms = Forms()
    engines = [peer(name, given.kinds[0]) for name in given.peers]
    reports = list[TrialReport]()
    for trial in _trials(given) if given.listed else ():
        measured = Ours(trial, _ordinary(given), forms, given.seed, _crowd(given))
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
    makers = _makers(given, joined, len(listed))
    for unknown in set(given.trials) - set(makers):
        raise BadInputError("--trial", f"{unknown!r} is not one of: {', '.join(makers)}")
    for title, make in makers.items():
        if not given.trials or title in given.trials:
            trial = _chosen(make(), joined, given)
            if trial.queries:
                yield trial


def _makers(given: QualityGiven, joined: Joined, count: int) -> dict[str, Callable[[], Trial]]:
    """Return what makes each trial, by title; the first `count` parties are indexed."""
    indexed, other = range(count), range(count, len(joined.parties))
    makers = {"aliases": lambda: hold_out_aliases(joined, indexed)}
    if given.other:
        makers[OTHER_LISTS] = lambda: ask_other_lists(joined, indexed, other)
        makers[OTHER_LISTS_BY_NAME] = lambda: ask_other_lists(joined, indexed, other, by_name=True)
    for script in scripts_beside_latin(joined):
        makers[script] = lambda script=script: ask_script(joined, script)
    for after in CUTS:
        makers[f"cut after {after}"] = lambda after=after: cut_names(joined, indexed, after)
    for path in given.asked:
        pairs = read_pairs(given_file(path))
        makers[path.stem] = lambda path=path, pairs=pairs: ask_pairs(
            joined, indexed, path.stem, pairs
        )
    return makers


def _chosen(trial: Trial, joined: Joined, given: QualityGiven) -> Trial:
    """Cut the questions of a trial to `--half` and `--limit`; its index stays whole."""
    queries = sorted(trial.queries, key=lambda query: digest(query.printed))
    if given.half is not None:
        queries = [each for each in queries if f"{joined.half(each.entity)}" == given.half]
    return msgspec.structs.replace(trial, queries=tuple(queries[: given.limit]))


def _ordinary(given: QualityGiven) -> list[str]:
    names = [name for path in given.ordinary for name in read_ordinary(given_file(path))]
    return sorted(names, key=digest)[: given.ordinary_limit]


def _crowd(given: QualityGiven) -> list[CrowdName]:
    return [name for path in given.crowd for name in read_crowd(given_file(path))]


def _pair_figures(paths: Sequence[Path], forms: Forms) -> Iterator[PairFigures]:
    for path in paths:
        pairs = read_pairs(given_file(path))
        yield from pair_figures(path.stem, pairs, score_pairs(pairs, forms))


# --- `abeyance bench speed`: CPU and memory of the index, and requests a second.

_SIZES = (10_000, 100_000, 1_000_000)


class SpeedGiven(msgspec.Struct, frozen=True):
    """The arguments of `bench speed`."""

    listed: tuple[str, ...]
    fill: tuple[Path, ...]
    sizes: tuple[int, ...]
    questions: int
    http: bool
    http_seconds: float
    keep_screenings: bool
    turns: int
    as_json: bool


class SpeedReport(msgspec.Struct, frozen=True):
    """The figures that `bench speed --json` prints; the last three as in `RateFigures`."""

    indexes: tuple[SpeedFigures, ...]
    restrictions: FlowFigures
    requests: tuple[HttpFigures, ...]
    share: float | None
    keyed: KeyedFigures | None


@click.command(
    epilog=examples(
        "abeyance bench speed --listed us_csl --listed un_sc --fill gleif.csv",
        "abeyance bench speed --listed us_csl --fill gleif.csv --sizes 100000 --no-http",
    )
)
@click.option(
    "--listed", multiple=True, required=True, metavar="LIST", help="A list to index. Repeatable."
)
@click.option(
    "--fill",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="Ordinary names to fill the index with: JSON lines with query, or CSV with LegalName.",
)
@click.option(
    "--sizes",
    callback=sizes_in,
    default=",".join(map(str, _SIZES)),
    show_default=True,
    help="Names in each index.",
)
@click.option(
    "--questions",
    type=click.IntRange(2),
    default=1_000,
    show_default=True,
    help="Questions to ask.",
)
@click.option("--http/--no-http", default=True, show_default=True, help="Measure requests too.")
@click.option(
    "--http-seconds",
    type=click.FloatRange(0.1),
    default=10.0,
    show_default=True,
    help="Seconds for each.",
)
@click.option(
    "--keep-screenings/--no-keep-screenings",
    default=True,
    show_default=True,
    help="Whether the service stores each screening, as it does by default.",
)
@click.option(
    "--turns",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Ask by turns, this often each, a service without keys and one with a key and limits.",
)
@as_json
@gathered(SpeedGiven)
def speed(given: SpeedGiven) -> None:
    """Measure CPU, memory and building time of the index, and requests a second.

    LIST is what `bench quality` takes. Each index is built in its own process, of listed names,
    then ordinary ones, then names recombined from the words of ordinary ones. Half of the
    questions are listed names with a letter dropped, half are ordinary names that are not indexed.
    Restrictions are asked for codes drawn from the annexes.
    Requests go to a service with the lists that come with the program: to an empty endpoint, then
    single screenings, sent ahead and by 32 clients that each wait for an answer, then 500 names at
    a time. Rates a core are for each CPU second of the service.
    """
    listed = [
        name.text for party in listed_parties("--listed", given.listed) for name in party.names
    ]
    ordinary = sorted(ordinary_in("--fill", given.fill), key=digest)
    half = min(given.questions, len(ordinary)) // 2
    kept_back, fill = ordinary[:half], ordinary[half:]
    asked = questions_of(listed, kept_back, given.questions)
    indexes = list[SpeedFigures]()
    for count in given.sizes:
        names = fill_up(sorted(listed, key=digest), fill, count)
        indexes.append(measure_apart(names, asked))
    flows = measure_flows()
    if not given.as_json:
        print_speed(indexes, flows)
    rates = RateFigures()
    if given.http:
        rates = measure_rates(
            asked, given.http_seconds, given.turns, keep_screenings=given.keep_screenings
        )
    if given.as_json:
        print_json(SpeedReport(tuple(indexes), flows, rates.requests, rates.share, rates.keyed))
    elif given.http:
        print_rates(rates)


# --- `abeyance bench parties`: what is joined, and what that brings.


class PartiesGiven(msgspec.Struct, frozen=True):
    """The arguments of `bench parties`."""

    listed: tuple[str, ...]
    pairs: tuple[Path, ...]
    as_json: bool


@click.command(
    epilog=examples(
        "abeyance bench parties",
        "abeyance bench parties --listed us_csl --listed uk_sl --listed consolidated.xml",
    )
)
@click.option(
    "--listed",
    multiple=True,
    metavar="LIST",
    help="A list to join, as `bench quality` takes it. Repeatable; all bundled ones if left out.",
)
@click.option("--pairs", type=_FILE, multiple=True, help="Labelled pairs, as for `quality`.")
@as_json
@gathered(PartiesGiven)
def parties(given: PartiesGiven) -> None:
    """Measure how well listings of several lists are joined into parties.

    Numbers and references that prove two listings to be one party are taken out, and what names,
    births and places join is compared with them. Firms are asked for by aliases of the SDN List.
    """
    listings = whole_listings("--listed", given.listed)
    pairs = [pair for path in given.pairs for pair in read_pairs(given_file(path))]
    figures = party_figures(listings, pairs)
    if given.as_json:
        print_json(figures)
    else:
        print_parties(figures)


@click.group()
def bench() -> None:
    """Measure on your own files what is found, what alerts and how fast."""


for command in (quality, speed, size, parties, jobs, streams, wrong_keys, rescreen):
    bench.add_command(command)
