# Intel's I/OAT: its driver copies and compares before it offers a channel.
modprobe ioatdma
function=$(lspci -D -n | sed -n 's/^\([^ ]*\) 0880: 8086:.*/\1/p' | head -n 1)
check ioatdma bound bound "${function:-none}" ioatdma
no_complaints() { ! dmesg | grep -iE 'ioatdma.*(self-test|error|fail|timed out)'; }
check ioatdma self-test no_complaints
copies=${COPIES:-250}
found=$(channels ioatdma)
[ -n "$found" ] || verdict ioatdma channel fail "ioatdma has no channel"
for channel in $found; do
    check ioatdma "$channel" copies_right "$channel" 2 "$copies" 16384
done
finished ioatdma
