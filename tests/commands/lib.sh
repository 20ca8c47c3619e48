# Helpers for the tests of commands.  Sourced by tests/commands/*.test.  Each works in a folder of its own, which is taken away at the end.

# What stands behind finish never runs.
[ "$(tail -n 1 "$0")" = finish ] || { echo "not ok - the last line of $0 is finish"; exit 1; }
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$ROOT/$BUILD ;; esac
ZHUPI=$BUILD/zhupi
SEEDS=$ROOT/../shared/seeds
WORK=$(mktemp -d) || exit 2
trap 'rm -rf "$WORK"' EXIT
export XDG_CONFIG_HOME="$WORK/config" XDG_STATE_HOME="$WORK/state" TZ=UTC LC_ALL=C.UTF-8 USER=tester
cd "$WORK" || exit 2
bad=0

# z ARGUMENTS…: runs zhupi; its status in $status, stdout in out, stderr in err.
[ -x "$ZHUPI" ] || { echo "not ok - $ZHUPI is not built"; exit 1; }
z() {
	timeout 60 "$ZHUPI" "$@" > out 2> err
	status=$?
}
# is NAME CONDITION…: one case; the condition is a command.
is() {
	case_name=$1
	shift
	if "$@" > /dev/null 2>&1; then
		echo "ok - $case_name"
	else
		echo "not ok - $case_name"
		echo "#   status $status; $*"
		sed 's/^/#   out: /' out | head -5
		sed 's/^/#   err: /' err | head -5
		bad=1
	fi
}
not() { ! "$@"; }
has() { grep -qF -- "$2" "$1"; }         # FILE TEXT
count() { [ "$(grep -cF -- "$2" "$1")" = "$3" ]; } # FILE TEXT NUMBER of lines
empty() { [ ! -s "$1" ]; }
# Seeds' gold as JSON lines, without a tool for it: its files have no newline inside a string.
gold() { for f in "$SEEDS"/*.gold.json; do tr -d '\n' < "$f"; echo; done; }
# until_there FILE: waits for a file that another process makes.
until_there() {
	tries=600
	while [ ! -e "$1" ] && [ "$tries" -gt 0 ]; do
		tries=$((tries - 1))
		sleep 0.1
	done
	[ -e "$1" ]
}
finish() { exit "$bad"; }
