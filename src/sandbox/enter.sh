# Builds a root folder that holds what a check needs and nothing else, and goes into it. `unshare` starts this as process 1
# of new namespaces. The plan comes by WSLAB_PLAN: lines of words that are separated by tabs.
#   ro FROM TO · tmp SIZE TO · dir TO · text TO WORDS · link TO WHERE
# enter.sh ROOT PROGRAM ARGUMENT...
set -eu
# Anywhere else this would take the machine apart.
[ "$$" = 1 ] || { echo 'enter.sh is for process 1 of a namespace of its own' >&2; exit 1; }
PATH=/usr/sbin:/usr/bin:/sbin:/bin
root=$1
shift
tab=$(printf '\t')

# A user's namespace may not drop the flags that a mount of the system's has: they are repeated.
read_only() {
  for flags in ro,nosuid,nodev ro,nosuid,nodev,noexec ro,nosuid,nodev,relatime ro,nosuid,nodev,noatime ro; do
    mount -o "remount,bind,$flags" "$1" 2> /dev/null && return
  done
  echo "$1 cannot be made read-only" >&2
  exit 1
}
put() {
  if [ -d "$1" ]; then
    mkdir -p "$2"
  else
    mkdir -p "${2%/*}"
    : > "$2"
  fi
  mount --rbind "$1" "$2"
}

mount --make-rprivate /
mount -t tmpfs -o size=16m,mode=755 tmpfs "$root"
for device in null zero full random urandom; do put "/dev/$device" "$root/dev/$device"; done
ln -s /proc/self/fd "$root/dev/fd"
mkdir -p "$root/proc" "$root/run/aside" "$root/.old"
while IFS=$tab read -r what one two; do
  case $what in
    ro)
      put "$one" "$root$two"
      read_only "$root$two"
      ;;
    tmp)
      mkdir -p "$root$two"
      mount -t tmpfs -o "size=$one,mode=1777,nosuid,nodev" tmpfs "$root$two"
      ;;
    dir)
      mkdir -p "$root$one"
      chmod 1777 "$root$one"
      ;;
    text)
      mkdir -p "$root${one%/*}"
      printf '%b' "$two" > "$root$one"
      ;;
    link)
      mkdir -p "$root${one%/*}"
      ln -s "$two" "$root$one"
      ;;
  esac
done << END_OF_PLAN
$WSLAB_PLAN
END_OF_PLAN
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"

if command -v ip > /dev/null; then ip link set lo up; else ifconfig lo up; fi

cd "$root"
pivot_root . .old
cd /
umount -l /.old
read_only /
unset WSLAB_PLAN
# Not by exec: process 1 has to see to orphans, and a shell does.
"$@"
