# fio writes blocks that it knows again, of random sizes at random places, several jobs at several depths, reads all of
# them back, and complains of each byte that is different.
disk=/dev/nvme0n1

verify() {
    local depth=$1 jobs=$2 engine=$3
    fio --name=verify --filename=$disk --direct=1 --ioengine="$engine" --iodepth="$depth" --numjobs="$jobs" \
        --rw=randwrite --bsrange=512-64k --size="${JOB_SIZE:-2m}" --offset_increment="${JOB_SIZE:-2m}" \
        --verify=crc32c --verify_fatal=1 --do_verify=1 --serialize_overlap=1 --randseed="$depth$jobs" \
        --thread --group_reporting --output=/tmp/fio.out --output-format=normal
    local status=$?
    grep -E 'err=|verify:|read:|write:' /tmp/fio.out
    [ "$status" -eq 0 ] && grep -q 'err= 0' /tmp/fio.out
}

mixed() {
    fio --name=mixed --filename=$disk --direct=1 --ioengine=libaio --iodepth=8 --rw=randrw --bs=4k \
        --size="${JOB_SIZE:-2m}" --verify=sha256 --verify_backlog=64 --fsync=16 --thread --output=/tmp/fio.out
}

modprobe nvme
check fio appears await $disk
check fio depth-1 verify 1 1 psync
check fio depth-8 verify 8 2 libaio
check fio depth-32 verify 32 4 io_uring
check fio mixed mixed
finished fio
