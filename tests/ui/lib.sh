# Helpers for tests in a real terminal.  Sourced by tests/ui/*.test; each is a script that drives zhupi in a private tmux
# server and prints TAP.  A command whose process is to be killed begins with exec: not every shell does so by itself, and
# then the shell would be killed and the program go on.
# Nothing sleeps for time to pass: wait_for polls the screen for a marker, up to a limit that only a failure reaches.

ZHUPI=$(cd "$(dirname "$0")/../.." && pwd)/${BUILD:-build}/zhupi
case ${BUILD:-build} in /*) ZHUPI=$BUILD/zhupi ;; esac
REPO=$(cd "$(dirname "$0")/../.." && pwd)
SEEDS=$REPO/../shared/seeds
WORK=$(mktemp -d) || exit 2
starts=0
SOCKET=zhupi-$$-$starts
export XDG_CONFIG_HOME="$WORK/config" XDG_STATE_HOME="$WORK/state" XDG_RUNTIME_DIR="$WORK" TZ=UTC USER=tester
mkdir -p "$XDG_CONFIG_HOME" "$XDG_STATE_HOME"
trap 'tmux -L "$SOCKET" kill-server 2>/dev/null; rm -rf "$WORK"' EXIT

# start COLSxROWS COMMAND…: a terminal with that command; LC_ALL and TERM as given in the environment of the command.
start() {
	size=$1
	shift
	tmux -L "$SOCKET" kill-server 2>/dev/null
	# A server of its own each time: the one before may still be on its way out.
	starts=$((starts + 1))
	SOCKET=zhupi-$$-$starts
	tmux -L "$SOCKET" -u -f /dev/null new-session -d -x "${size%x*}" -y "${size#*x}" "$*" \; set -g remain-on-exit on \; set -g status off
}
keys() { tmux -L "$SOCKET" send-keys "$@"; }
# paste TEXT: through tmux's own bracketed paste
paste() {
	tmux -L "$SOCKET" set-buffer -- "$1"
	tmux -L "$SOCKET" paste-buffer -p
}
screen() { tmux -L "$SOCKET" capture-pane -p; }
resize() { tmux -L "$SOCKET" resize-window -x "${1%x*}" -y "${1#*x}"; }
pane_pid() { tmux -L "$SOCKET" list-panes -F '#{pane_pid}'; }
pane_dead() { [ "$(tmux -L "$SOCKET" list-panes -F '#{pane_dead}')" = 1 ]; }
pane_status() { tmux -L "$SOCKET" list-panes -F '#{pane_dead_status}'; }

# wait_for TEXT [TENTHS]: until the screen shows TEXT (a fixed string).
wait_for() {
	tries=${2:-100}
	while [ "$tries" -gt 0 ]; do
		screen | grep -qF -- "$1" && return 0
		tries=$((tries - 1))
		sleep 0.1
	done
	return 1
}
wait_dead() {
	tries=${1:-100}
	while [ "$tries" -gt 0 ]; do
		pane_dead && return 0
		tries=$((tries - 1))
		sleep 0.1
	done
	return 1
}
# wait_gone PID: until no such process is left.  A pane counts as dead once its terminal is closed, which is before the kernel has let go of the locks.
wait_gone() {
	tries=100
	while [ "$tries" -gt 0 ]; do
		# what is left of a process that nobody has waited for holds nothing any more
		grep -qE '^State:[[:space:]]+[^ZX[:space:]]' "/proc/$1/status" 2>/dev/null || return 0
		tries=$((tries - 1))
		sleep 0.1
	done
	return 1
}
# check NAME COMMAND…: one case
check() {
	name=$1
	shift
	if "$@"; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		screen 2>/dev/null | sed 's/^/# /'
	fi
}
skip() { echo "ok - $1 # SKIP $2"; }
