# Shared by the scripts of this folder and of ../image; source it, don't run it. They set -euo pipefail.
# shellcheck shell=bash disable=SC2034

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
REPO="$(cd "$HERE/../.." && pwd)"
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/pawl"
ME="$(basename "$0")"
# shellcheck source=e2e/cluster/versions.sh
. "$HERE/versions.sh"

# The node cluster's network. The bridge's own address is also that of its API server.
BRIDGE=pawl0
POD_NET=10.244.0.0/24
GATEWAY=10.244.0.1

die() {
  echo "$ME: $*" >&2
  exit 1
}

# again COMMAND...: up to four times, with pauses: what is downloaded may fail once.
again() {
  local pause
  for pause in 5 15 45; do
    "$@" && return 0
    echo "$ME: $1 failed; again in $pause s" >&2
    sleep "$pause"
  done
  "$@"
}

# tool NAME: the path of a program that bin/setup built.
tool() {
  local dir
  case "$1" in
    kube* | pause) dir="kubernetes-$KUBERNETES_VERSION" ;;
    etcd) dir="etcd-$ETCD_VERSION" ;;
    coredns) dir="coredns-$COREDNS_VERSION" ;;
    kwok) dir="kwok-$KWOK_VERSION" ;;
    helm) dir="helm-$HELM_VERSION" ;;
    *) die "$1: not a program that bin/setup builds" ;;
  esac
  echo "$CACHE/$dir/$1"
}

# build_operator: into operator/target/quarkus-app, unless what is there is newer than all that it is made of.
build_operator() {
  local built="$REPO/operator/target/quarkus-app/quarkus-run.jar" begin=$SECONDS log
  if [ -f "$built" ] && [ -z "$(find "$REPO"/{engine,crd,operator}/{pom.xml,src/main} "$REPO/pom.xml" -newer "$built" -print -quit)" ]; then
    return 0
  fi
  log="$(mktemp)"
  if ! (cd "$REPO" && JAVA_HOME="$("$REPO/bin/jdk")" mvn -B -q -ntp -pl operator -am package -DskipTests \
    -Dquarkus.package.jar.type=aot-jar) >"$log" 2>&1 </dev/null; then
    tail -n 30 "$log" >&2
    rm -f "$log"
    die "the operator could not be built"
  fi
  rm -f "$log"
  touch "$built"
  echo "built the operator in $((SECONDS - begin)) s"
}

# need_tools SET NAME...: fails with one sentence unless each is built.
need_tools() {
  local set="$1" name
  shift
  for name; do [ -x "$(tool "$name")" ] || die "$name is not built yet: run bin/setup $set"; done
}

# need_commands SET NAME...: fails with one sentence unless each is on PATH.
need_commands() {
  local set="$1" name
  shift
  for name; do command -v "$name" >/dev/null || die "$name not found: run bin/setup $set"; done
}

# --- Where a cluster or a server keeps what it has -----------------------------------------------------------------
# Root's lies where a server that may not run as root can reach it.
state_root() {
  if [ "$(id -u)" = 0 ]; then echo /var/lib/pawl; else echo "${XDG_STATE_HOME:-$HOME/.local/state}/pawl"; fi
}

# state_of KIND: one folder a kind and checkout, so that checkouts do not meet.
state_of() { echo "$(state_root)/$1-$(printf %s "$REPO" | cksum | cut -d' ' -f1)"; }

# use_state DIR: from here on $S.
use_state() {
  case "$1" in /*) ;; *) die "$1: must be an absolute path" ;; esac
  [ "${#1}" -le 70 ] || die "$1: too long for the sockets inside it"
  S="$1"
}

make_state() {
  local dir
  mkdir -p "$(dirname "$S")" "$S"
  chmod 755 "$(dirname "$S")"
  for dir; do
    mkdir -p "$S/$dir"
    chmod 700 "$S/$dir"
  done
}

remove_state() {
  rm -rf --one-file-system "$S"
  rm -f "$S.lock"
  [ "$(dirname "$S")" != "$(state_root)" ] || rmdir "$(dirname "$S")" 2>/dev/null || true
}

# only_one: waits until no other up or down works on $S. What is started later closes descriptor 9. A file that was
# removed while we waited for it locks nothing: then once more.
only_one() {
  while :; do
    mkdir -p "$(dirname "$S")"
    exec 9>>"$S.lock" || continue # its folder was removed meanwhile, by the last one to leave it
    flock 9
    [ "$(stat -Lc %d:%i /proc/self/fd/9)" != "$(stat -c %d:%i "$S.lock" 2>/dev/null)" ] || break
  done
}

keep_logs() {
  [ -n "${PAWL_KEEP_LOGS:-}" ] && [ -d "$S/logs" ] || return 0
  mkdir -p "$PAWL_KEEP_LOGS"
  cp -r "$S/logs/." "$PAWL_KEEP_LOGS"
}

# --- Processes: named for good by pid and the kernel's start time ----------------------------------------------------
start_time() { sed -n 's/.*) \([^ZX]\)/\1/p' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# same_process PID START
same_process() { [ -n "${2:-}" ] && [ "$(start_time "$1")" = "$2" ]; }

# alive NAME: whether the process recorded in pids/NAME still runs.
alive() {
  local pid start
  read -r pid start 2>/dev/null <"$S/pids/$1" || return 1
  same_process "$pid" "$start"
}

# launch NAME COMMAND...: starts a process in a session of its own, unless it runs.
launch() {
  local name="$1" pid
  shift
  alive "$name" && return 0
  setsid "$@" >>"$S/logs/$name.log" 2>&1 </dev/null 9>&- &
  pid=$!
  echo "$pid $(start_time "$pid")" >"$S/pids/$name"
  disown "$pid"
}

# halt NAME...: ends them all at once, without ceremony: their state goes too.
halt() {
  local name pid start
  for name; do
    if alive "$name"; then
      read -r pid start <"$S/pids/$name"
      kill -9 "$pid" 2>/dev/null || true
    fi
  done
  for name; do
    for _ in $(seq 100); do
      alive "$name" || break
      sleep 0.05
    done
    rm -f "$S/pids/$name"
  done
}

# wait_for SECONDS WHAT COMMAND...: runs the command until it succeeds; gives up at once when one of $WATCHED has ended.
WATCHED=""
wait_for() {
  local end=$((SECONDS + $1)) what="$2" name
  shift 2
  until "$@" >/dev/null 2>&1; do
    for name in $WATCHED; do
      alive "$name" || die "$name has ended; its last words: $(tail -n 1 "$S/logs/$name.log" | cut -c1-300)"
    done
    [ "$SECONDS" -lt "$end" ] || die "gave up waiting for $what; see $S/logs"
    sleep 0.1
  done
}

# down_with PID: starts a guard that runs `$0 down` once PID has ended, however it ended.
down_with() {
  local start
  start="$(start_time "$1")"
  [ -n "$start" ] || die "--for $1: no such process"
  launch guard bash "$HERE/guard" "$1" "$start" "$(cd "$(dirname "$0")" && pwd)/$ME" --state "$S" down
}

# audit_options: into $AUDIT, so that the API server writes down what the policy in PAWL_AUDIT_POLICY says. One file, however long.
audit_options() {
  AUDIT=()
  [ -z "${PAWL_AUDIT_POLICY:-}" ] || AUDIT=(--audit-policy-file="$PAWL_AUDIT_POLICY"
    --audit-log-path="$S/logs/audit.log" --audit-log-maxsize=100000)
}

# free_port: a TCP port nobody listens on, below those the kernel gives to outgoing connections.
free_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || {
      echo "$port"
      return 0
    }
  done
  die "no free port found between 20000 and 29999"
}

# lap WHAT: says how long it took so far.
LAP_BEGAN="${EPOCHREALTIME/[.,]/}"
lap() {
  local ms=$(((${EPOCHREALTIME/[.,]/} - LAP_BEGAN) / 1000))
  printf '%-26s %3d.%d s\n' "$1" $((ms / 1000)) $((ms % 1000 / 100)) >&2
}

# --- Certificates: one authority a cluster ---------------------------------------------------------------------------
new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$S/pki/$1.key"; }

# authority: the authority, and the key that service account tokens are signed with.
authority() {
  local p="$S/pki"
  [ ! -s "$p/ca.crt" ] || return 0
  new_key service-account
  openssl ec -in "$p/service-account.key" -pubout -out "$p/service-account.pub" 2>/dev/null
  new_key ca
  openssl req -x509 -new -key "$p/ca.key" -subj /CN=pawl-test-ca -days 365 -out "$p/ca.crt.tmp" \
    -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
  mv "$p/ca.crt.tmp" "$p/ca.crt"
}

# certificate NAME SUBJECT EXTENSIONS
certificate() {
  local p="$S/pki"
  [ ! -s "$p/$1.crt" ] || return 0
  new_key "$1"
  openssl req -new -key "$p/$1.key" -subj "$2" -out "$p/$1.csr"
  openssl x509 -req -in "$p/$1.csr" -CA "$p/ca.crt" -CAkey "$p/ca.key" -days 365 -out "$p/$1.crt.tmp" \
    -extfile <(printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\n%s\n' "$3") 2>/dev/null
  mv "$p/$1.crt.tmp" "$p/$1.crt"
  rm "$p/$1.csr"
}

# client SERVER NAME SUBJECT: a client certificate, and the kubeconfig that uses it.
client() {
  local p="$S/pki" file="$S/kubeconfig/$2"
  certificate "$2" "$3" extendedKeyUsage=clientAuth
  [ ! -s "$file" ] || return 0
  cat >"$file.tmp" <<END
apiVersion: v1
kind: Config
clusters: [{name: pawl, cluster: {server: "$1", certificate-authority-data: $(base64 -w0 "$p/ca.crt")}}]
users: [{name: $2, user: {client-certificate-data: $(base64 -w0 "$p/$2.crt"), client-key-data: $(base64 -w0 "$p/$2.key")}}]
contexts: [{name: pawl, context: {cluster: pawl, user: $2}}]
current-context: pawl
END
  mv "$file.tmp" "$file"
}

# options ARGUMENT...: reads --state DIR, --as NAME and --for PID, in any place; the words that are left are in $WORDS.
options() {
  WORDS=() FOR="" STATE="" AS=""
  while [ $# -gt 0 ]; do
    case "$1" in
      --state) STATE="${2:?--state needs a folder}"; shift 2 ;;
      --as) AS="${2:?--as needs a name}"; shift 2 ;;
      --for) FOR="${2:?--for needs a process id}"; shift 2 ;;
      *) WORDS+=("$1"); shift ;;
    esac
  done
}

# the_state KIND: what --state says; else this checkout's own, or its own of the name that --as gives.
the_state() { use_state "${STATE:-$(state_of "$1${AS:+-$AS}")}"; }
