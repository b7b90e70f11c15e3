# Runs other people's code, out of the judge's reach. `unshare --mount --pid --fork` starts this inside a sandbox, as
# process 1 of a process namespace of its own: it cannot see, signal or read the judge's processes.
#
# fence.sh --ours DIR --state DIR --processes N --size N --memory N [--keep DIR]... [--read DIR]... [--write DIR]...
#   -- [NAME=VALUE]... PROGRAM ARGUMENT...
set -e
[ "$$" = 1 ] || { echo 'fence.sh is for process 1 of a namespace of its own' >&2; exit 1; }
PATH=/usr/sbin:/usr/bin:/sbin:/bin
here=$(pwd)
nl='
'
keeps= reads= writes=
while [ "$1" != -- ]; do
  case $1 in
    --ours) ours=$2 ;;
    --state) state=$2 ;;
    --processes) processes=$2 ;;
    --size) size=$2 ;;
    --memory) memory=$2 ;;
    --keep) keeps=$keeps$2$nl ;;
    --read) reads=$reads$2$nl ;;
    --write) writes=$writes$2$nl ;;
  esac
  shift 2
done
shift

# Does $1 with every line of $2.
each() {
  rest=$2
  while [ -n "$rest" ]; do
    line=${rest%%"$nl"*}
    rest=${rest#*"$nl"}
    "$1" "$line"
  done
}
count=0
# Keeps a folder aside while something is mounted over it, and puts it back.
aside() {
  count=$((count + 1))
  mkdir -p "/run/aside/$count"
  mount --rbind "$1" "/run/aside/$count"
}
back() {
  count=$((count + 1))
  mkdir -p "$1"
  mount --rbind "/run/aside/$count" "$1"
}
read_only() { mount -o remount,bind,ro,nosuid,nodev "$1"; }
writable() { mount --rbind "$1" "$1"; }
back_read_only() {
  back "$1"
  read_only "$1"
}

# When memory runs out, this is ended first.
echo 1000 > /proc/self/oom_score_adj
mount -t tmpfs -o size=1m,mode=755 tmpfs /run/aside

# Of the judge's own files it sees what it is to read, and nothing else.
each aside "$reads"
mount -t tmpfs -o size=1m,mode=755,nosuid,nodev tmpfs "$ours"
count=0
each back_read_only "$reads"
read_only "$ours"

# A /tmp of its own. The kit may be below the one that there was.
kept=$count
each aside "$keeps"
mount -t tmpfs -o "size=$size,mode=1777,nosuid,nodev" tmpfs /tmp
count=$kept
each back "$keeps"
mount -t tmpfs -o size=4k,mode=755,ro tmpfs /run/aside

each writable "$writes"
read_only "$state"
mount -t proc -o ro,nosuid,nodev,noexec proc /proc

# The old working directory would still lead to what has been covered.
cd "$here"
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs -- \
  prlimit "--nproc=$processes:$processes" "--fsize=$size:$size" "--data=$memory:$memory" --core=0:0 -- \
  env -i ${NODE_CHANNEL_FD:+"NODE_CHANNEL_FD=$NODE_CHANNEL_FD"} "$@"
