# QEMU's teaching device, by a driver that tries everything that its specification promises.
judge_edu() {
    local way=$1 function
    function=$(functions 1234:11e8 | head -n 1)
    [ -n "$function" ] || { verdict edu "$way" fail "there is no function 1234:11e8"; return; }
    dmesg -c >/dev/null
    modprobe edu "intx=$2" "copies=${COPIES:-20}"
    check edu "$way-bound" bound "$function" edu
    dmesg -c | sed -n "s/.*edu $function: \([a-z-]* pass\)$/\1/p; s/.*edu $function: \([a-z-]* fail .*\)/\1/p" |
        while read -r name words; do verdict edu "$way-$name" "$words"; done
    rmmod edu
}
judge_edu msi 0
judge_edu pin 1
finished edu
