#!/bin/sh
# Make .venv and install the locked packages into it. `make` runs this first; where make is missing, type: sh setup.sh
# Nothing happens when .venv is ready. A half-made, moved or broken .venv is made anew.
# Choose the Python with PYTHON=/path/to/python3.12.
set -eu
cd "$(dirname "$0")"

right_version='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))'
right_parts="import ensurepip, venv; $right_version"

runs() { "$1" -c "$2" >/dev/null 2>&1; } # a name on PATH may be a shim without a Python behind it

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        runs "$PYTHON" "$1" && echo "$PYTHON"
        return
    fi
    for name in python3.13 python3.12 python3.11 python3 python; do
        runs "$name" "$1" && echo "$name" && return
    done
}

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

here=$(pwd -P)
wanted="$here $(cat requirements.lock pyproject.toml setup.sh | cksum)"
found=$(cat .venv/.ready 2>/dev/null || true)
usable=no # a .venv that is whole, in its place and of a fitting Python
[ "${found% * *}" = "$here" ] && runs .venv/bin/python "$right_version" && usable=yes
[ "$usable" = yes ] && [ "$found" = "$wanted" ] && exit 0

if [ "$usable" = yes ]; then
    echo "Bringing .venv up to date."
    rm .venv/.ready
else
    python=$(find_python "$right_parts" || true)
    if [ -z "$python" ] && [ -n "$(find_python "$right_version" || true)" ]; then
        fail "This Python cannot make virtual environments: its modules venv and ensurepip are missing." \
            "On Debian and Ubuntu install them with:  sudo apt install python3-venv" \
            "当前 Python 缺少 venv 模块。Debian/Ubuntu 请先运行：sudo apt install python3-venv"
    fi
    [ -n "$python" ] || fail "Python 3.11, 3.12, 3.13 or 3.14 is needed, and ${PYTHON:-none on PATH} is not one." \
        "Install it from python.org, with your system's package manager or with conda, then run this again." \
        "Is it installed elsewhere? Name it:  make setup PYTHON=/path/to/python3.12" \
        "需要 Python 3.11 至 3.14。安装后重新运行；若已装在别处，请用 PYTHON=路径 指定。"
    echo "Making .venv with $("$python" --version) and installing the packages of requirements.lock (a few minutes, once)."
    rm -rf .venv
    "$python" -m venv .venv
fi

.venv/bin/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
.venv/bin/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation -e .
echo "$wanted" >.venv/.ready
