# Linux's dmatest: copies random bytes between random places of its buffers, and looks at every byte of them.

# The channels of the functions that the driver $1 is bound to.
channels() {
    local each
    for each in /sys/class/dma/*; do
        [ "$(basename "$(readlink "$each/device/driver")")" != "$1" ] || basename "$each"
    done
}

# Runs dmatest on the channel $1 with $2 threads of $3 copies in buffers of $4 bytes, and prints "COPIES FAILURES".
copy() {
    # The channel comes behind what its threads are to be.
    modprobe dmatest threads_per_chan="$2" iterations="$3" test_buf_size="$4" timeout=20000 channel="$1" run=1
    cat /sys/module/dmatest/parameters/wait >/dev/null
    dmesg -c >/tmp/dmatest
    rmmod dmatest
    sed -n 's/.*dmatest: .*summary \([0-9]*\) tests, \([0-9]*\) failures.*/\1 \2/p' /tmp/dmatest |
        awk '{ copies += $1; failures += $2 } END { print copies + 0, failures + 0 }'
}

copies_right() {
    local found
    found=$(copy "$1" "$2" "$3" "$4")
    echo "$found"
    [ "$found" = "$(($2 * $3)) 0" ] || { grep -v summary /tmp/dmatest | head -n 3; echo "found $found failures"; return 1; }
}

# Some copies are corrupted on purpose: the host knows how many, and has to be told how many were seen.
tells_failures() {
    local found
    found=$(copy "$1" "$2" "$3" "$4")
    echo "reported ${found#* }" >/tmp/reported
    [ "${found% *}" = $(($2 * $3)) ] || { echo "only ${found% *} copies were made"; return 1; }
}
