# The DMA engine of PLX's switches.
modprobe plx_dma
function=$(functions 10b5:87d0 | head -n 1)
check dmatest bound bound "${function:-none}" plx_dma
channel=$(channels plx_dma | head -n 1)
copies=${COPIES:-250}
if [ -z "$channel" ]; then
    verdict dmatest channel fail "plx_dma has no channel"
elif [ -n "${CORRUPTED:-}" ]; then
    # One thread and one write a copy: see where the host says which writes it corrupts.
    check dmatest corrupted-run tells_failures "$channel" 1 "$copies" 16384
    cat /tmp/reported
else
    check dmatest 1-thread copies_right "$channel" 1 "$copies" 16384
    check dmatest 4-threads copies_right "$channel" 4 "$copies" 16384
    check dmatest small copies_right "$channel" 2 "$copies" 64
    check dmatest large copies_right "$channel" 2 "$((copies / 5))" 262144
fi
finished dmatest
