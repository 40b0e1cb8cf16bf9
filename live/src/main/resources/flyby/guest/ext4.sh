# A file system of Linux on the drive: made, filled, taken off, checked, put on again, and all is as it was.
disk=/dev/nvme0n1

fill() {
    local file
    for file in $(seq 1 "${FILES:-40}"); do
        dd if=/dev/urandom of=/mnt/file$file bs=$((1000 + RANDOM)) count=$((1 + RANDOM % 8)) 2>/dev/null || return 1
    done
    mkdir /mnt/many
    for file in $(seq 1 200); do echo "$file" >/mnt/many/$file; done
    (cd /mnt && find . -type f -print0 | xargs -0 sha256sum) >/tmp/sums
}

take_off() { umount /mnt; }
put_on() { mount -t ext4 "$@" $disk /mnt; }
# What is read now comes from the drive, since taking it off emptied the cache.
compare() {
    (cd /mnt && sha256sum -c /tmp/sums) >/tmp/compared 2>&1 && return
    grep -v ': OK' /tmp/compared
    return 1
}

forget_some() {
    rm -r /mnt/many && sed -i '\:/many/:d' /tmp/sums
    fstrim /mnt
}

modprobe nvme
modprobe ext4
check ext4 appears await $disk
check ext4 mkfs mkfs.ext4 -q -F $disk
check ext4 mount put_on
check ext4 write fill
check ext4 umount take_off
check ext4 fsck e2fsck -f -n $disk
check ext4 remount put_on
check ext4 compare compare
check ext4 trim forget_some
check ext4 compare-again compare
check ext4 umount-again take_off
check ext4 fsck-again e2fsck -f -n $disk
finished ext4
