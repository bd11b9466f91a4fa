# Sourced by ./run and ./test: brings everything that is missing, and is quick when nothing is.
#   SYSTEM_PACKAGES  pairs command:package; a package is installed by apt when its command is absent
#   REQUIREMENTS     the lock file to install into .venv

export PATH="$PATH:/usr/sbin:/sbin"

say() { printf '%s\n' "$@" >&2; }
give_up() { say "$*"; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# install PACKAGE...: by apt, as root. Says what a person can do when that is not possible.
install() {
    command -v apt-get >/dev/null || { say "Please install by hand: $*. (This machine has no apt-get.)"; return 1; }
    as_root true 2>/dev/null || { say "Please install by hand: sudo apt-get install $*"; return 1; }
    say "Installing $*"
    local log=var/log/apt.log
    as_root env DEBIAN_FRONTEND=noninteractive sh -c '
        apt-get update; apt-get install -y --no-install-recommends "$@"' apt "$@" >"$log" 2>&1 && return
    say "apt could not install $*. Its last words (all are in $log):"
    tail -n 5 "$log" >&2
    return 1
}

install_system_packages() {
    local missing=() pair
    for pair in $SYSTEM_PACKAGES; do
        command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
    done
    [ ${#missing[@]} = 0 ] || install "${missing[@]}"
}

make_environment() {
    [ -x .venv/bin/uv ] && .venv/bin/python -c '' 2>/dev/null && return
    say "Making the Python environment (.venv)"
    command -v python3 >/dev/null || install python3 python3-venv || exit 1
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || give_up "Python 3.11 or newer is needed."
    python3 -c 'import ensurepip, venv' 2>/dev/null || install python3-venv || exit 1
    python3 -m venv --clear .venv || give_up "The Python environment could not be made."
    # uv installs everything else; its own version and hashes are those of the lock file.
    awk '/^uv==/ { keep = 1; print; next } /^[^ ]/ { keep = 0 } keep' requirements.txt >.venv/uv.txt
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r .venv/uv.txt ||
        give_up "Python packages could not be downloaded. Is the machine online?"
}

install_python_packages() {
    local stamp=".venv/installed-$REQUIREMENTS"
    cmp -s "$REQUIREMENTS" "$stamp" && return
    say "Installing Python packages ($REQUIREMENTS)"
    .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r "$REQUIREMENTS" ||
        give_up "Python packages could not be installed from $REQUIREMENTS."
    cp "$REQUIREMENTS" "$stamp"
}

set_up() {
    mkdir -p var/log
    # One set-up at a time; the subshell closes the lock's descriptor, so nothing started later holds it.
    (
        flock 9
        install_system_packages || give_up "The set-up stops here: system packages are missing."
        make_environment
        install_python_packages
    ) 9>var/set-up.lock || exit 1
}
