# What the drive has after the power cut. The file system's journal is replayed first, as after any such cut.
disk=/dev/nvme0n1
modprobe nvme
modprobe ext4
safe() {
    (cd /mnt && sha256sum -c /files/sums) >/tmp/compared 2>&1 && return
    grep -v ': OK' /tmp/compared
    return 1
}
check power-cut appears await $disk
check power-cut mount mount -t ext4 $disk /mnt
check power-cut files safe
check power-cut umount umount /mnt
check power-cut fsck e2fsck -f -n $disk
finished power-cut
