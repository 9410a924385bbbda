# The commands of this repository; `just` alone lists them.

_list:
    @just --list --unsorted

# Start the service.
run *options:
    uv run abeyance serve {{options}}

# Run all tests except the slow ones.
test *options:
    uv run --group dev pytest {{options}}

# Run the slow tests, and the property tests with a hundred times the examples.
test-slow *options:
    uv run --group dev pytest -m "slow or hypothesis" --hypothesis-profile hundredfold {{options}}

# Record how long the tests of each file take, by which the shards of .github/workflows are made.
durations:
    uv run --group dev pytest --record-durations

# Run the tests that start no service: fewer examples, and not the files that take most of the time.
test-fast *options:
    uv run --group dev pytest tests/unit tests/contract/test_structure.py tests/contract/test_register_page.py \
        --ignore tests/unit/tables/test_room.py --ignore tests/unit/names/match/test_interpreted.py \
        --ignore tests/unit/lists/test_hostile_files.py --ignore tests/unit/lists/test_three_grades.py \
        --ignore tests/unit/lists/test_patterns.py --ignore tests/unit/measures/test_spans.py \
        --ignore tests/unit/measures/law/test_reference.py --ignore tests/unit/app/apart/test_readers.py \
        --ignore tests/unit/measures/law/test_coming_properties.py \
        --ignore tests/unit/measures/law/test_properties.py --ignore tests/unit/test_bundled.py \
        --ignore tests/unit/names/match/test_guarantees.py --ignore tests/unit/names/match/test_cascade.py \
        --hypothesis-profile fast -q {{options}}

# Measure which lines of the service the tests run, in one run; .github/workflows does it in shards.
coverage *options:
    uv run --group dev pytest --cov {{options}}

# Check format, lint, types and import contracts.
lint:
    uv run --group dev ruff format --check
    uv run --group dev ruff check
    uv run --group dev lint-imports
    uv run --group dev basedpyright

# Correct format and imports, and regenerate generated files.
fix:
    uv run --group dev ruff check --fix
    uv run --group dev ruff format
    uv run abeyance openapi > openapi/openapi.json
    uv run --group dev python -m tools.quality.write_lists
    uv run --group dev python -m tools.quality.write_reference
    uv run --group dev python -m tools.quality.write_postman

# Build the site of docs/ into docs/_build, with warnings as errors.
docs:
    uv run --group docs sphinx-build -W --keep-going -q -b dirhtml docs docs/_build

# Measure what matching finds and how fast it is, on files of the repository.
bench:
    uv run abeyance bench quality --listed un_sc --ordinary tests/fixtures/bench/gleif.csv
    uv run abeyance bench speed --listed un_sc --fill tests/fixtures/bench/gleif.csv --sizes 10000 --no-http
