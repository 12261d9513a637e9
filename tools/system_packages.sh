#!/usr/bin/env bash
# Install what the full test suite needs from the system: PostgreSQL with PostGIS, Chromium,
# and Java for ODK Validate.
# Where that is not allowed it says what is missing and ends well; the tests then skip and say why.
# Usage: tools/system_packages.sh [--dry-run]
set -euo pipefail

dry_run=${1:-}

say() { printf 'system packages: %s\n' "$*"; }

has_postgis() {
    [ -n "${FIELDAPP_TEST_POSTGRES_URL:-}" ] && return 0
    local control
    for control in /usr/share/postgresql/*/extension/postgis.control; do
        local version=${control#/usr/share/postgresql/}
        [ -e "$control" ] && [ -x "/usr/lib/postgresql/${version%%/*}/bin/initdb" ] && return 0
    done
    # elsewhere (macOS, Fedora): the server on the path says where its extensions are
    command -v initdb >/dev/null && command -v pg_config >/dev/null &&
        [ -e "$(pg_config --sharedir)/extension/postgis.control" ]
}

has_chromium() {
    [ -n "${FIELDAPP_TEST_CHROMIUM:-}" ] && return 0
    local program
    for program in chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        command -v "$program" >/dev/null && return 0
    done
    compgen -G "$HOME/.cache/ms-playwright/chromium-*" >/dev/null ||
        compgen -G "$HOME/Library/Caches/ms-playwright/chromium-*" >/dev/null
}

has_java() {
    # macOS has a `java` that only says that there is none
    command -v java >/dev/null && java -version >/dev/null 2>&1
}

as_root() {
    if [ "$dry_run" = --dry-run ]; then
        say "would run: $*"
    elif [ "$(id -u)" = 0 ]; then
        "$@" </dev/null
    else
        sudo -n -- "$@" </dev/null
    fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

# Debian would start a database server on this machine; we only want the programs.
install_postgis() {
    local settings=/etc/postgresql-common/createcluster.conf
    apt_install postgresql-common || return 1
    as_root sed -i -E 's/^#?\s*create_main_cluster\s*=.*/create_main_cluster = false/' "$settings"
    apt_install postgresql postgresql-postgis || apt_install postgresql postgis
}

# Ubuntu's chromium packages only lead to a snap, which containers do not have.
install_chromium() {
    if grep -q '^ID=ubuntu' /etc/os-release; then
        return 1
    fi
    apt_install chromium fonts-dejavu-core
}

install_java() {
    apt_install default-jre-headless
}

why_not_apt() {
    if ! command -v apt-get >/dev/null; then
        echo "this machine has no apt"
    elif [ "$(id -u)" != 0 ] && ! { command -v sudo && sudo -n true; } >/dev/null 2>&1; then
        echo "no root rights here (and no sudo without a password)"
    fi
}

main() {
    local missing=()
    has_postgis || missing+=(postgis)
    has_chromium || missing+=(chromium)
    has_java || missing+=(java)
    if [ ${#missing[@]} -eq 0 ]; then
        say "PostGIS, Chromium and Java are here"
        return
    fi

    local reason
    reason=$(why_not_apt)
    if [ -n "$reason" ]; then
        say "NOT installed: ${missing[*]}, because $reason"
        say "tests that need them are skipped; by hand: sudo tools/system_packages.sh"
        return
    fi

    say "installing ${missing[*]}"
    as_root apt-get update -q || say "the package lists could not be renewed; trying the old ones"
    local name
    for name in "${missing[@]}"; do
        "install_$name" || say "apt could not install $name"
    done
    if ! has_chromium && [ -x .venv/bin/playwright ]; then
        say "asking Playwright for its own Chromium"
        as_root .venv/bin/playwright install-deps chromium || true
        [ "$dry_run" = --dry-run ] || .venv/bin/playwright install chromium </dev/null || true
    fi
    has_postgis || say "still MISSING: PostgreSQL with PostGIS; its tests are skipped"
    has_chromium || say "still MISSING: Chromium; browser tests are skipped"
    has_java || say "still MISSING: Java; ODK Validate is skipped"
}

main
