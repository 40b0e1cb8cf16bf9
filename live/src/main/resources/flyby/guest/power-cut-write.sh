# Writes without end, and says what it has been told is safe: the host cuts the power when it has heard enough.
#
#   flushed SHA256 FILE     fsync of a file of the file system has returned
#   recorded NUMBER         so has that of a record of 4 KiB, of one line "record NUMBER", behind the file system
disk=/dev/nvme0n1
modprobe nvme
modprobe ext4
await $disk || exit 1
mkfs.ext4 -q -F $disk 48m && mount $disk /mnt || exit 1
# What is in flight when the power goes.
while :; do dd if=/dev/urandom of=/mnt/noise bs=64k count=64 conv=notrunc 2>/dev/null; done &
number=0
while :; do
    head -c $((1000 + RANDOM)) /dev/urandom >/tmp/file
    dd if=/tmp/file of=/mnt/file$number bs=64k conv=fsync 2>/dev/null &&
        printf 'flushed %s file%s\n' "$(sha256sum </tmp/file | cut -d' ' -f1)" $number
    yes "record $number" | head -c 4096 | dd of=$disk bs=4096 seek=$((13312 + number % 2048)) conv=fsync,notrunc 2>/dev/null &&
        echo "recorded $number"
    number=$((number + 1))
done
