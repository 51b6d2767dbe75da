# Shared by the tests of this folder; source it, don't run it.
# shellcheck shell=bash
PASSED=0 FAILED=0

die() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

need() {
  local command
  for command; do command -v "$command" >/dev/null || die "$command is not on PATH: please install it"; done
}

# The Helm that bin/setup built, else the one on PATH; kubectl the other way round, for any will do.
BUILT="${XDG_CACHE_HOME:-$HOME/.cache}/pawl"
if [ -z "${HELM:-}" ]; then
  for HELM in "$BUILT"/helm-*/helm helm; do ! command -v "$HELM" >/dev/null || break; done
fi
for built in "$BUILT"/kubernetes-*; do [ ! -x "$built/kubectl" ] || PATH="$PATH:$built"; done
command -v "$HELM" >/dev/null || die "no Helm: run bin/setup embedded, install Helm, or set HELM to one"

section() { echo "$1"; }

pass() {
  PASSED=$((PASSED + 1))
  echo "   ok    $1"
}

# fail NAME WHAT_WAS_SEEN...
fail() {
  FAILED=$((FAILED + 1))
  echo "   FAIL  $1"
  printf '         %s\n' "${@:2}"
}

# is NAME GOT WANTED
is() { if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "got    '$2'" "wanted '$3'"; fi; }

# has NAME TEXT PATTERN: whether the text has a line that matches (extended regular expression).
has() { if grep -Eq -e "$3" <<<"$2"; then pass "$1"; else fail "$1" "no line matches '$3' in:" "${2:-nothing}"; fi; }
# has_not NAME TEXT PATTERN: whether there is a text and none of its lines matches.
has_not() {
  if [ -z "$2" ]; then
    fail "$1" "there is no text to look at"
  elif grep -Eq -e "$3" <<<"$2"; then
    fail "$1" "a line matches '$3': $(grep -Em1 -e "$3" <<<"$2")"
  else
    pass "$1"
  fi
}

# refused NAME SENTENCE COMMAND...: the command must fail, and say that.
refused() {
  local name="$1" sentence="$2" said
  shift 2
  if said="$("$@" 2>&1)"; then
    fail "refused: $name" "it was not"
  elif grep -Fq -e "$sentence" <<<"$said"; then
    pass "refused: $name"
  else
    fail "refused: $name" "without saying '$sentence', but: $said"
  fi
}

# allowed NAME COMMAND...
allowed() {
  local name="$1" said
  shift
  if said="$("$@" 2>&1)"; then pass "allowed: $name"; else fail "allowed: $name" "$said"; fi
}

# until_is SECONDS WANTED COMMAND...: runs the command until it prints that; fails when it never does.
until_is() {
  local end=$((SECONDS + $1)) wanted="$2"
  shift 2
  until [ "$("$@" 2>/dev/null)" = "$wanted" ]; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

# finish: the last line, and the exit code.
finish() {
  [ $((PASSED + FAILED)) -gt 0 ] || die "no test ran"
  echo "$PASSED passed, $FAILED failed"
  [ "$FAILED" = 0 ] || exit 1
}
