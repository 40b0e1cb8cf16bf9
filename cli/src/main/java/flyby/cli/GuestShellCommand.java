package flyby.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "shell",
        header = {"Boot the guest, and give the terminal to a shell in it.", ""},
        description = {
            "",
            "The drivers of what is plugged in are loaded. exit ends the guest; so does Ctrl-A X. Ctrl-A C shows"
                    + " QEMU's monitor.",
            ""
        })
final class GuestShellCommand implements Callable<Integer> {
    @Mixin
    private GuestOptions options = new GuestOptions();

    @Override
    public Integer call() {
        return options.guest().shell() == 0 ? Application.AS_EXPECTED : Application.NOT_AS_EXPECTED;
    }
}
