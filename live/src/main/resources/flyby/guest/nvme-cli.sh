# NVMe's administration, by nvme-cli: what it prints is held against what the kernel knows, and against itself.
drive=/dev/nvme0
disk=/dev/nvme0n1

# The value of the field $1 in what nvme-cli prints as "field : value".
field() { sed -n "s/^$1[[:space:]]*: *\([^ ]*\).*/\1/p" | head -n 1; }
number() { printf '%d\n' "$(tr -d ,)"; }

same() { [ "$2" = "$3" ] || { echo "$1: found $2, expected $3"; return 1; }; }

lists() {
    nvme list -o json | tr -d ' \n' >/tmp/list
    grep -q "\"DevicePath\":\"$disk\"" /tmp/list || { cat /tmp/list; return 1; }
    same "PhysicalSize" "$(sed 's/.*"PhysicalSize":\([0-9]*\).*/\1/' /tmp/list)" "$(blockdev --getsize64 $disk)"
}

identifies_controller() {
    nvme id-ctrl $drive >/tmp/id-ctrl || return 1
    local address
    address=$(cat /sys/class/nvme/nvme0/address)
    same vid "$(field vid </tmp/id-ctrl | number)" "$(number <"/sys/bus/pci/devices/$address/vendor")" || return 1
    same sn "$(field sn </tmp/id-ctrl)" "$(tr -d ' ' </sys/class/nvme/nvme0/serial)" || return 1
    same sqes "$(field sqes </tmp/id-ctrl)" 0x66 && same cqes "$(field cqes </tmp/id-ctrl)" 0x44 || return 1
    [ "$(field nn </tmp/id-ctrl)" -ge 1 ] || { echo "no namespaces"; return 1; }
}

identifies_namespace() {
    nvme id-ns $disk >/tmp/id-ns || return 1
    local blocks shift
    blocks=$(field nsze </tmp/id-ns | number)
    shift=$(sed -n 's/.*lbads:\([0-9]*\).*in use.*/\1/p' /tmp/id-ns)
    same "nsze << lbads" $((blocks << shift)) "$(blockdev --getsize64 $disk)"
}

counts_what_is_read() {
    nvme smart-log $drive >/tmp/before || return 1
    dd if=$disk of=/dev/null bs=64k count=16 iflag=direct 2>/dev/null || return 1
    nvme smart-log $drive >/tmp/after || return 1
    same critical_warning "$(field critical_warning </tmp/after)" 0 || return 1
    local before after
    before=$(field host_read_commands </tmp/before | number)
    after=$(field host_read_commands </tmp/after | number)
    [ "$after" -ge $((before + 16)) ] || { echo "host_read_commands went from $before to $after in 16 reads"; return 1; }
    before=$(field 'Data Units Read' </tmp/before | number)
    after=$(field 'Data Units Read' </tmp/after | number)
    # A unit is a thousand blocks of 512 bytes, rounded up: NVM Express 1.4, figure 194.
    [ "$after" -ge $((before + 2)) ] || { echo "1 MiB was read, and Data Units Read went from $before to $after"; return 1; }
}

# The newest entry is of the command that was refused just before, if the drive keeps entries at all.
tells_errors() {
    nvme error-log $drive --log-entries=1 >/tmp/errors || return 1
    local counted
    counted=$(nvme smart-log $drive | field num_err_log_entries | number)
    same "error_count of the newest entry" "$(field error_count </tmp/errors | number)" "$counted" || return 1
    [ "$counted" = 0 ] || grep -qi 'invalid.*opcode' /tmp/errors || { cat /tmp/errors; echo "not of the last error"; return 1; }
}

tells_the_firmware() {
    nvme fw-log $drive >/tmp/fw-log || return 1
    local slot
    slot=$(($(field afi </tmp/fw-log) & 7))
    grep -q "^frs$slot " /tmp/fw-log || { echo "the active slot is $slot, and has no revision"; cat /tmp/fw-log; return 1; }
}

# Error recovery is a feature of namespaces.
tells_feature() {
    if [ "$1" = 0x05 ]; then
        nvme get-feature $drive --feature-id="$1" --namespace-id=1
    else
        nvme get-feature $drive --feature-id="$1"
    fi
}

keeps_feature() {
    local found
    nvme set-feature $drive --feature-id=0x04 --value=0x0155 || return 1
    found=$(nvme get-feature $drive --feature-id=0x04 | sed -n 's/.*urrent value: *0*x*0*\([0-9a-fA-F]*\).*/\1/p')
    same "temperature threshold" "$found" 155
}

# Random bytes, which have to be there again after whatever follows.
put_mark() {
    dd if=/dev/urandom of=/tmp/mark bs=4k count=4 2>/dev/null
    dd if=/tmp/mark of=$disk bs=4k seek=8 oflag=direct 2>/dev/null
}
find_mark() {
    dd if=$disk of=/tmp/found bs=4k skip=8 count=4 iflag=direct 2>/dev/null
    cmp /tmp/mark /tmp/found
}

resets() {
    put_mark && nvme reset $drive && await $disk && find_mark
}

compares() { nvme compare $disk --start-block=64 --block-count=31 --data-size=16384 --data=/tmp/mark; }

zeroes() {
    nvme write-zeroes $disk --start-block=64 --block-count=31 || return 1
    dd if=$disk of=/tmp/found bs=4k skip=8 count=4 iflag=direct 2>/dev/null
    cmp -n 16384 /dev/zero /tmp/found
}

forgets_by_format() {
    put_mark && find_mark || return 1
    nvme format $disk --lbaf="${1:-0}" --ses=1 --force || return 1
    await $disk || return 1
    dd if=$disk of=/tmp/found bs=4k skip=8 count=4 iflag=direct 2>/dev/null
    cmp -n 16384 /dev/zero /tmp/found
}

modprobe nvme
check nvme-cli appears await $disk
check nvme-cli list lists
check nvme-cli id-ctrl identifies_controller
check nvme-cli id-ns identifies_namespace
check nvme-cli smart-log counts_what_is_read
check nvme-cli fw-log tells_the_firmware
for feature in 0x01 0x02 0x04 0x05 0x06 0x07 0x08 0x09 0x0a 0x0b; do
    check nvme-cli "get-feature-$feature" tells_feature $feature
done
check nvme-cli set-feature keeps_feature
check_refused nvme-cli bad-opcode 'invalid.*opcode' nvme admin-passthru $drive --opcode=0x7f
check nvme-cli error-log tells_errors
check nvme-cli reset resets
check nvme-cli flush nvme flush $disk
check nvme-cli compare compares
check_refused nvme-cli compare-failure 'compare failure' \
    nvme compare $disk --start-block=65 --block-count=30 --data-size=15872 --data=/tmp/mark
check nvme-cli write-zeroes zeroes
check nvme-cli dsm nvme dsm $disk --ad --slbs=64 --blocks=32
check_refused nvme-cli out-of-range 'LBA out of range|out of range' nvme write-zeroes $disk \
    --start-block=$(($(blockdev --getsz $disk))) --block-count=0
check nvme-cli format forgets_by_format
finished nvme-cli
