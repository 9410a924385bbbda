"""Which words of a question met which words of a listed name, for the explanation."""

from service.match.compiled import compiled, inner
from service.match.held import Held, Index, Space
from service.match.question import PLACE, SPAN, Asked
from service.match.score import fill_parts
from service.match.search import weigh_alone

# The columns of `Bench.meetings`: words `QUERY_FROM` to before `QUERY_TO` of the question met
# words `LISTED_FROM` to before `LISTED_TO` of the name, of the weight `MET`; `FACTOR` is what both
# sides are worth by how they were written, `CREDIT` the share that was met.
QUERY_FROM, QUERY_TO, LISTED_FROM, LISTED_TO, FACTOR, CREDIT, MET = range(7)


@compiled
def tell_meetings(held: Held, asked: Asked, name: int) -> tuple[float, int]:
    """The log-odds of one name, and how many meetings there are.

    Fills `values`, `parts` and `meetings` of the room's bench. A meeting is what a word of the
    question met most by; words that met as one stand together.
    """
    return _tell_all(held.index, held.space, asked, name)


@inner
def _tell_all(index: Index, space: Space, asked: Asked, name: int) -> tuple[float, int]:
    log_odds = weigh_alone(index, space, asked, name)
    bench, count = space.scoring, 0
    fill_parts(bench.values, index.scoring.tables, bench.parts)
    last_edge, last_entry = -1, -1
    for place in range(len(asked.weights)):
        if bench.aligned.query_met[place] > 0.0:
            edge, entry = bench.aligned.query_edge[place], bench.aligned.query_entry[place]
            unit = space.finding.edges.edges.units[edge]
            if asked.units[unit, SPAN] == 1 or edge != last_edge or entry != last_entry:
                last_edge, last_entry = edge, entry
                _tell(index, asked, space, place, count)
                count += 1
    return log_odds, count


@inner
def _tell(index: Index, asked: Asked, space: Space, place: int, row: int) -> None:
    bench, edges, names = space.scoring, space.finding.edges.edges, index.scoring.names
    edge, entry = bench.aligned.query_edge[place], bench.aligned.query_entry[place]
    unit = edges.units[edge]
    first, span = asked.units[unit, PLACE], asked.units[unit, SPAN]
    met = 0.0
    for each in range(first, first + span):
        if span == 1 or bench.aligned.query_edge[each] == edge:
            met += bench.aligned.query_met[each]
    told = bench.meetings
    told[row, QUERY_FROM], told[row, QUERY_TO] = first, first + span
    told[row, LISTED_FROM] = names.places[entry]
    told[row, LISTED_TO] = names.places[entry] + names.spans[entry]
    told[row, FACTOR] = names.factors[entry] * asked.factors[unit]
    told[row, CREDIT] = names.factors[entry] * edges.credits[edge]
    told[row, MET] = met
