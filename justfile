# `just` lists these; each is what continuous integration runs too.

# List the commands.
default:
    @just --list

# Write every module in the project's format.
format:
    ruff format .
    ruff check --fix .

# Look for mistakes without changing anything.
lint:
    ruff format --check .
    ruff check .
    mypy
    lint-imports

# Run the tests; arguments go to pytest.
test *arguments:
    python -m pytest {{arguments}}

# Run the tests that stay in one process and load no model.
test-quick *arguments:
    python -m pytest -m "not border and not model" {{arguments}}

# Everything that must hold before a change is handed in.
check: lint test

# Write config.example.toml from the settings model.
config:
    python -m whykeeper.config > config.example.toml

# Put the published schema of SARIF into a folder, from a package's source: WHYKEEPER_SARIF_SCHEMA=… then tests against it.
sarif-schema folder:
    python -m pip download -q --no-deps --no-binary :all: -d {{folder}} sarif-pydantic==0.6.2
    tar -xzf {{folder}}/sarif_pydantic-0.6.2.tar.gz -C {{folder}} --strip-components=1 sarif_pydantic-0.6.2/sarif-schema-2.1.0.json
