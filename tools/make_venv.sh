#!/usr/bin/env bash
# Make .venv and install a hashed requirements file and fieldapp itself in it.
# Usage: tools/make_venv.sh requirements.lock
# Uses uv when it is there (fast), else Python's own venv and pip. Needs no root.
set -euo pipefail

lock=$1
minimum="3, 11"

find_python() {
    local name
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if "$name" -c "import sys; sys.exit(sys.version_info < ($minimum))" 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "fieldapp needs Python ${minimum/, /.} or newer; set PYTHON=/path/to/python3" >&2
    return 1
}

make_venv() {
    [ -x .venv/bin/python ] && return
    local python
    python=$(find_python)
    if command -v uv >/dev/null; then
        uv venv -q --python "$python" .venv
    elif ! "$python" -m venv .venv 2>.venv-error; then
        # Debian and Ubuntu keep pip for virtual environments in a package of its own
        cat .venv-error >&2
        rm -rf .venv .venv-error
        echo "This Python cannot make a virtual environment. Install uv, or python3-venv." >&2
        return 1
    fi
    rm -f .venv-error
}

install() {
    if command -v uv >/dev/null; then
        uv pip install -q --python .venv/bin/python "$@"
    else
        .venv/bin/python -m pip install -q --disable-pip-version-check --no-input "$@"
    fi
}

make_venv
install --require-hashes -r "$lock"
install --no-deps -e .
