# What all judges share. A judge prints a line for each of its checks:
#
#   judge JUDGE CHECK pass|fail|skip REASON
#
# and at its end "judge JUDGE finished": without that line something is missing. Anything else that it prints is for
# people who look for a reason.

# Says how the check $2 of the judge $1 came out, in the words that follow. $UNDER tells apart what is looked at twice.
verdict() {
    local judge=$1 name=$2
    shift 2
    printf 'judge %s %s%s %s\n' "$judge" "${UNDER:-}" "$name" "$(printf '%s' "$*" | tr '\n' ' ')"
}

# Runs a command as the check $2 of the judge $1: it passes if the command ends with 0, and fails with what that printed
# last.
check() {
    local judge=$1 name=$2 output status
    shift 2
    output=$("$@" 2>&1)
    status=$?
    if [ "$status" -eq 0 ]; then
        verdict "$judge" "$name" pass
    else
        printf '%s\n' "$output"
        verdict "$judge" "$name" fail "status $status: $(printf '%s\n' "$output" | grep . | tail -n 1)"
    fi
}

# The same for a command that has to be refused, in words that match the pattern $3.
check_refused() {
    local judge=$1 name=$2 pattern=$3 output
    shift 3
    if output=$("$@" 2>&1); then
        verdict "$judge" "$name" fail "it was accepted: $*"
    elif printf '%s\n' "$output" | grep -qiE "$pattern"; then
        verdict "$judge" "$name" pass
    else
        printf '%s\n' "$output"
        verdict "$judge" "$name" fail "refused otherwise: $(printf '%s\n' "$output" | grep . | tail -n 1)"
    fi
}

finished() { printf 'judge %s finished\n' "$1"; }

# Waits up to ten seconds for a file to appear.
await() {
    local tries=0
    until [ -e "$1" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || { echo "$1 does not appear"; return 1; }
        sleep 0.1
    done
}

# Prints the PCI addresses of functions with the vendor and device $1, as in 1234:11e8.
functions() { lspci -D -d "$1" | cut -d' ' -f1; }

# Succeeds if the driver $2 is bound to the function $1.
bound() {
    [ "$(basename "$(readlink "/sys/bus/pci/devices/$1/driver")")" = "$2" ] || { echo "$2 is not bound to $1"; return 1; }
}

# What the kernel has said since the last call.
dmesg -c >/dev/null
